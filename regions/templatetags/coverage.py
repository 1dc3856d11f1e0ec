"""How a standing is drawn in a table: its bar and its class."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.urls import reverse

from regions import charts, maps, selectors, sentences, wording
from regions.choices import Segment
from regions.coverage import Change, Count, Standing

register = template.Library()


@register.filter
def bar(standing: Standing, width: int) -> charts.Bar | None:
    return charts.bar(standing, width)


@register.filter
def band(standing: Standing) -> maps.Band:
    return maps.band(standing)


@register.filter
def basis(count: Count) -> str:
    return wording.basis(count)


@register.filter
def segment_label(segment: str) -> str:
    return str(Segment(segment).label)


@register.filter
def is_counted(segment: str) -> bool:
    """Whether the segment is part of coverage, or only shown beside it."""
    return segment in selectors.counted_segments()


@register.filter
def band_mark(band: maps.Band) -> str:
    """The sign of a class, for those who do not tell its colour from another."""
    return wording.BAND_MARKS[maps.Band(band)]


@register.filter
def band_label(band: maps.Band) -> str:
    return str(wording.BANDS[maps.Band(band)])


@register.filter
@lru_cache(maxsize=2000)
def panel_address(code: str, panel: str) -> str:
    """Where a panel of an area's page is to be had as a file."""
    return reverse("regions:panel_file", args=[code, panel])


@register.filter
def in_words(change: Change) -> str:
    """What a change of coverage is and comes from, in one sentence; or why that is not known."""
    return sentences.change_sentence(change)
