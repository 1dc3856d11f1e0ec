"""Lists of construction projects, as SPSE and LPSE give them, as BPJS has them, and as exported."""

from .kind import ProjectKind

__all__ = ["ProjectKind"]
