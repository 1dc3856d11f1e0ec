"""Everyone at once: readers, importers and editors on one portal as `manage.py serve` runs it."""
