"""Copies of all that the portal keeps, and their way back: the database, the uploads, no key.

A backup is a folder: `database.dump` (pg_dump's custom format), `uploads/`, and `manifest.json`, which says
what the rest must be, to the byte, and is signed with a key made of SEAL_KEY.
"""
