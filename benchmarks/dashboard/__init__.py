"""The pages of coverage: against a page that does nothing, with few cells and many, over the wire."""
