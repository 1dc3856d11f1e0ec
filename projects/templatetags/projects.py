"""What codes of compliance are called, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from projects.compliance.messages import MISSING, RULES, SETTLEMENTS, STATES, Rule, Settlement, State

register = template.Library()


@register.filter
def state_label(state: str) -> str:
    return gettext(STATES[State(state)])


@register.filter
def settlement_label(settlement: str) -> str:
    return gettext(SETTLEMENTS[Settlement(settlement)]) if settlement else ""


@register.filter
def rule_label(rule: str) -> str:
    return gettext(RULES[Rule(rule)])


@register.filter
def missing_label(name: str) -> str:
    return gettext(MISSING[name])


@register.filter
def translated(msgid: str) -> str:
    """A sentence that was marked for translation where it is kept."""
    return gettext(msgid) if msgid else ""
