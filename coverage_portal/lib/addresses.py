"""Parts of addresses."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode


def query_of(filters: Mapping[str, object]) -> str:
    """Filters as a query string, `?bulan=2025-07&segmen=PU`; those without a value are left out."""
    query = urlencode([(name, str(value)) for name, value in filters.items() if value])
    return f"?{query}" if query else ""
