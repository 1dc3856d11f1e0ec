"""How official letters write numbers and headings."""

from __future__ import annotations

from django import template

from coverage_portal.lib import number_words

register = template.Library()


@register.filter
def with_words(number: int) -> str:
    """`12 (dua belas)`"""
    return number_words.with_words(number)


@register.filter
def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
