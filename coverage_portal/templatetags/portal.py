"""Numbers, months and dates in the reader's language, and links that keep the page's filters."""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterable
from decimal import Decimal
from string import Formatter
from typing import Any

from django import template
from django.core.cache import cache
from django.template.base import FilterExpression, Parser, TextNode, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from coverage_portal.accounts.keeping import frames
from coverage_portal.lib import numbers, periods
from coverage_portal.lib.addresses import query_of

from . import texts

register = template.Library()
register.tag("translate", texts.translate)
register.tag("blocktranslate", texts.blocktranslate)

_BETWEEN = "\0"
"""What stands in no text, for PostgreSQL takes none with it."""


def _language() -> str:
    return get_language() or "id"


@register.filter
def number(value: Decimal | int | None, places: int = 0) -> str:
    return numbers.format_number(value, _language(), places)


@register.filter
def signed(value: Decimal | int | None, places: int = 0) -> str:
    """A difference, with its sign."""
    return numbers.format_signed(value, _language(), places)


@register.filter
def rupiah(value: Decimal | int | None) -> str:
    """An amount of money; with its sen only where it has any."""
    has_sen = value is not None and value != int(value)
    return numbers.format_rupiah(value, _language(), 2 if has_sen else 0)


@register.filter
def percent(value: Decimal | None, places: int = 2) -> str:
    return numbers.format_percent(value, _language(), places)


@register.filter
def plain_percent(value: Decimal | None) -> str:
    """A percentage as it was set: `61 %`, `60,80 %`. Decimals only where it has any."""
    is_whole = value is None or value == value.to_integral_value()
    return numbers.format_percent(value, _language(), 0 if is_whole else 2)


@register.filter
def month(value: periods.Month | None) -> str:
    return "" if value is None else periods.format_month(value, _language())


@register.filter
def short_month(value: periods.Month | None) -> str:
    return "" if value is None else periods.format_month(value, _language(), short=True)


@register.filter
def month_name(value: periods.Month) -> str:
    """The month without its year, short: `Jul`."""
    return periods.month_names(_language())[value.month - 1]


@register.filter
def absolute(value: Decimal) -> Decimal:
    return abs(value)


@register.filter
def local_day(moment: datetime.datetime) -> datetime.date:
    """The day of a moment in the province."""
    return timezone.localtime(moment).date()


@register.filter
def date(value: datetime.date | None) -> str:
    return "" if value is None else periods.format_date(value, _language())


@register.filter
def date_value(value: datetime.date | None) -> str:
    """A date as form fields and addresses have it, in any language."""
    return "" if value is None else value.isoformat()


@register.simple_tag(takes_context=True)
def kept_query(context: dict[str, Any], **changes: object) -> str:
    """The page's filters as a query string, some of them changed: `?bulan=2025-07&segmen=PU`, or nothing."""
    return query_of({**context.get("kept_filters", {}), **changes})


@register.simple_tag(takes_context=True)
def own_part(context: dict[str, Any]) -> str:
    """What the page's frame shows of its reader: all that two readers with the same rights see otherwise."""
    request = context.get("request")
    # A page of an error that has no request is for nobody in particular.
    return frames.own_part(request) if request else render_to_string(frames.OWN, dict(context.flatten()))  # type: ignore[attr-defined]


@register.tag
def frame(parser: Parser, token: Token) -> FrameNode:
    """`{% frame "footer" %}…{% endframe %}`: what surrounds a page and stays the same when figures change.

    It may show what the key of a kept page has, but no figure: who reads, their rights, the address, the
    settings. Blocks inside of it may show no more. Of a page that is not kept it is rendered each time.
    """
    _tag, name = token.split_contents()
    body = parser.parse(("endframe",))
    parser.delete_first_token()
    return FrameNode(name.strip("'\""), body)


class FrameNode(template.Node):
    def __init__(self, name: str, nodelist: template.NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> str:
        known = getattr(context.get("request"), "frame_key", None)
        if known is None:
            return self.nodelist.render(context)
        found: str = cache.get_or_set(f"{self.name}:{known}", lambda: self.nodelist.render(context))
        return found


@register.tag
def each(parser: Parser, token: Token) -> EachNode:
    """`{% each lines %}<tr><th>{month}</th><td>{members}</td></tr>{% endeach %}`: a pattern for many lines.

    A line is a dictionary of what the places in braces name, or a single value for `{}`. All of it is text,
    and escaped. An `each` inside names one of those values: its own lines, or a yes or no.

    It takes a tenth of the time of `for`, which looks up and decides everything anew for every line: whoever
    makes the lines has done so.
    """
    _name, source = token.split_contents()
    nodes = parser.parse(("endeach",))
    parser.delete_first_token()
    return EachNode(parser.compile_filter(source), nodes)


class EachNode(template.Node):
    """A pattern, filled in with every line of what `source` leads to."""

    def __init__(self, source: FilterExpression, nodes: Iterable[template.Node]) -> None:
        self.source, self.name = source, source.token
        self.pattern = ""
        self.places: list[str | EachNode] = []
        for node in nodes:
            self._add(node)
        self.values = [place for place in self.places if isinstance(place, str)]
        self.has_inner = len(self.values) < len(self.places)

    def _add(self, node: template.Node) -> None:
        if isinstance(node, EachNode):
            self.pattern += "%s"
            self.places.append(node)
        elif isinstance(node, TextNode):
            for text, place, _form, _as in Formatter().parse(node.s):
                self.pattern += text.replace("%", "%%")
                if place is not None:
                    self.pattern += "%s"
                    self.places.append(place)
        else:
            raise template.TemplateSyntaxError("Inside of each there is text, and each.")

    def render(self, context: Context) -> str:
        return self.filled(self.source.resolve(context))

    def filled(self, lines: bool | Iterable[Any]) -> str:
        """The pattern once for each line; once for a yes, and for a no not at all."""
        if isinstance(lines, bool):
            lines = ({},) if lines else ()
        return "".join([self.pattern % self._texts(line) for line in lines])

    def _texts(self, line: Any) -> tuple[str, ...]:
        """What stands at each place of the pattern, in its order."""
        if not isinstance(line, dict):
            return (html.escape(str(line)),) * len(self.places)
        texts = _escaped([str(line[place]) for place in self.values]) if self.values else []
        if not self.has_inner:
            return tuple(texts)
        following = iter(texts)
        return tuple(
            next(following) if isinstance(place, str) else place.filled(line[place.name])
            for place in self.places
        )


def _escaped(texts: list[str]) -> list[str]:
    """Texts made safe for HTML, all at once: apart from what a text holds, that is what takes the time."""
    escaped = html.escape(_BETWEEN.join(texts)).split(_BETWEEN)
    return escaped if len(escaped) == len(texts) else [html.escape(text) for text in texts]
