"""Rendered pages of aggregates, kept for as long as nothing that they show has changed.

    @aggregate_page
    @kept_page(asks=OverviewForm)
    def province(request: HttpRequest) -> HttpResponse: ...

A kept page is found under everything that it is made of: the release, the language, the reader with their
scope and rights, what else the frame shows, the address with the part of its query that was understood, the
data version, and the day. Nothing is ever thrown out because it is stale: a change makes another key. Readers
with word for word the same rights share a rendering, but for the part that names them (`frames`).
"""

from .keys import Moment, moment
from .pages import forgo, kept_page
from .rights import forget
from .store import kept

__all__ = ["Moment", "clear", "forgo", "kept", "kept_page", "moment"]


def clear() -> None:
    """Let go of everything that is kept. For tests: in use, nothing of it is ever wrong."""
    kept.clear()
    forget()
