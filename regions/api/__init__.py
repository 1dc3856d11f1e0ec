"""Open data: the figures of areas for other programs, read-only, as JSON and as CSV."""

from .figures import router

__all__ = ["router"]
