"""A nation's data in one PostgreSQL: what an import and the province's page cost beside it."""
