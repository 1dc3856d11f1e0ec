"""Enrollment sheets into the database: the portal, stock django-import-export, and parsing plus COPY."""
