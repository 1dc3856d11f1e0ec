"""The import engine: from an uploaded sheet to applied rows and back. It knows no domain table."""
