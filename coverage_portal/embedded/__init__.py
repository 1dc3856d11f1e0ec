"""The PostgreSQL that comes with the portal, used where `DATABASE_URL` names no other.

The package is a Django database backend (`ENGINE = "coverage_portal.embedded"`): the server is found or
started when something first connects, so that commands which need no database start none.
"""
