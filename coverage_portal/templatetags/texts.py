"""Django's `translate` and `blocktranslate`, looking a text up once a language instead of once a reader.

`portal` registers both under their own names, so whatever loads it after `i18n` has these.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import Parser, Token, render_value_in_context
from django.template.context import Context
from django.templatetags.i18n import BlockTranslateNode, TranslateNode, do_block_translate, do_translate
from django.utils.translation import get_language, gettext


def translate(parser: Parser, token: Token) -> template.Node:
    """`{% translate "Kontak" %}`; anything but a text by itself is left to Django."""
    node: TranslateNode = do_translate(parser, token)
    is_text_alone = token.split_contents()[1][0] in "\"'" and not node.filter_expression.filters
    if not is_text_alone or node.noop or node.message_context:
        return node
    return KeptText(node, node.asvar)


class KeptText(template.Node):
    """A text of the template, in each language that somebody has read it in."""

    def __init__(self, node: TranslateNode, name: str | None) -> None:
        self.node, self.name = node, name
        node.asvar = None
        self.kept: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        text = self.kept.get(language)
        if text is None:
            text = self.kept[language] = self.node.render(context)
        if self.name is None:
            return text
        context[self.name] = text
        return ""


def blocktranslate(parser: Parser, token: Token) -> template.Node:
    """`{% blocktranslate with … %}`; with a plural or a context it is Django's own."""
    node: BlockTranslateNode = do_block_translate(parser, token)
    if not node.plural and not node.message_context and not node.asvar:
        node.__class__ = KeptSentence
        node.kept = {}
    return node


class KeptSentence(BlockTranslateNode):  # type: ignore[misc]
    """A sentence with places for values, in each language that somebody has read it in."""

    kept: dict[str | None, tuple[str, list[str]]]

    def render(self, context: Context, nested: bool = False) -> str:
        language = get_language()
        found = self.kept.get(language)
        if found is None:
            singular, names = self.render_token_list(self.singular)
            found = self.kept[language] = (gettext(singular), names)
        sentence, names = found
        try:
            return sentence % {name: self._value(name, context) for name in names}
        except (KeyError, ValueError):
            # A text that fits its places badly: Django falls back to the language of the source.
            result: str = super().render(context, nested)
            return result

    def _value(self, name: str, context: Context) -> Any:
        given = self.extra_context.get(name)
        value = context.get(name, "") if given is None else given.resolve(context)
        return render_value_in_context(value, context)
