"""Every view says by a rule who may open it, and the rule is what happens. The views come from the resolver.

A view of the admin is one that the site, or one of its models' admins, has wrapped in the site's own check.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path

from coverage_portal.accounts import access
from coverage_portal.accounts.access import Rule, Who
from coverage_portal.accounts.models import User
from tests import factories
from tests.portal.crawling import PLACE
from tests.portal.test_scope_crawl import OPEN

pytestmark = pytest.mark.django_db

View = Callable[..., Any]
Found = dict[str, tuple[str, View]]
ADMIN = "the admin's own check"
IN_PLACES: dict[str, Any] = {
    "pk": 1, "package": 1, "registration": 1, "object_id": 1, "id": 1, "content_type_id": 1, "number": 1,
    "month": "2025-06", "code": "61.04", "step": "setujui", "reference": "PJK-2026-0001", "kind": "project",
    "key": "tren", "role": "viewer", "secret": "bukan-rahasia", "url": "tidak-ada", "app_label": "projects",
    "batch_id": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip
"""Something for every place of an address: who may open a page does not hang on it."""
ALWAYS_NOTHING = {"api-root", "unknown"}
"""What is not there, for nobody."""


@pytest.fixture
def of_admin(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The ids of the views that the admin's site has wrapped, once its addresses are made anew."""
    wrapped: list[View] = []
    wrap = AdminSite.admin_view

    def noting(site: AdminSite, view: View, cacheable: bool = False) -> View:
        wrapped.append(wrap(site, view, cacheable))
        return wrapped[-1]

    monkeypatch.setattr(AdminSite, "admin_view", noting)
    anew = [each for each in admin.site.get_urls() if isinstance(each, URLPattern | URLResolver)]
    monkeypatch.setattr(admin_resolver(), "url_patterns", anew)
    return {id(each) for each in wrapped}


def admin_resolver() -> URLResolver:
    found: Iterable[Any] = get_resolver().url_patterns
    return next(each for each in found if getattr(each, "app_name", "") == "admin")


def views(patterns: Iterable[Any] | None = None, prefix: str = "") -> Found:
    """Name and view by route, of every address; of two with one route only the first is ever asked."""
    found: Found = {}
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(each.pattern).removeprefix("^")
        below = views(each.url_patterns, route) if isinstance(each, URLResolver) else None
        for inner, pair in (below or {route: (each.name or "", each.callback)}).items():
            found.setdefault(inner, pair)
    return found


def rule_of(view: View, of_admin: set[int]) -> Rule | str | None:
    """Who may open a view, as it says itself; None where it says nothing."""
    if id(view) in of_admin or isinstance(getattr(view, "model_admin", None), admin.ModelAdmin):
        return ADMIN
    return ADMIN if isinstance(getattr(view, "admin_site", None), AdminSite) else access.rule_of(view)


def without_rule(found: Found, of_admin: set[int]) -> list[str]:
    return sorted(route for route, (_name, view) in found.items() if rule_of(view, of_admin) is None)


def address(route: str) -> str:
    filled = PLACE.sub(lambda place: str(IN_PLACES[place[1] or place[2]]), route)
    return "/" + filled.replace("^", "").replace("\\", "").removesuffix("$")


def is_led_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and "/?next=" in answer["Location"]


def is_turned_away(answer: Any) -> bool:
    return is_led_to_sign_in(answer) or (answer.status_code == 302 and answer["Location"] == "/admin/")


def broken(found: Found, of_admin: set[int], *, is_public: bool) -> dict[str, Any]:
    """The addresses that let in, or turn away, others than their rule says; with the statuses seen."""
    stranger, nobody = Client(), Client()
    nobody.force_login(factories.user("tanpa.peran"))
    wrong: dict[str, Any] = {}
    for route, (name, view) in found.items():
        rule, asked = rule_of(view, of_admin), address(route)
        answers = [stranger.get(asked)]
        if rule == ADMIN or (isinstance(rule, Rule) and rule.who is Who.HOLDERS):
            answers += [nobody.get(asked), nobody.post(asked)]
        led, *statuses = is_led_to_sign_in(answers[0]), *(each.status_code for each in answers)
        if rule == ADMIN:
            is_kept = led and all(map(is_turned_away, answers))
        elif not isinstance(rule, Rule):
            is_kept = False
        elif rule.who is Who.EVERYONE or (rule.who is Who.READERS_OF_AGGREGATES and is_public):
            is_kept = not led and statuses[0] not in (401, 403)
        elif rule.who is Who.READERS_OF_AGGREGATES:
            is_kept = led or statuses[0] == 401 or name in ALWAYS_NOTHING
        elif rule.who is Who.HOLDERS:
            is_kept = led and 403 in statuses[1:] and set(statuses[1:]) <= {403, 405}
        else:
            is_kept = led or (route.startswith("api/") and statuses[0] == 401)
        if not is_kept:
            wrong[route] = (rule, statuses)
    return wrong


def test_every_view_has_a_rule(of_admin: set[int]) -> None:
    found = views()

    assert without_rule(found, of_admin) == []
    assert len(found) > 250
    assert sum(rule_of(view, of_admin) == ADMIN for _name, view in found.values()) > 160


def test_views_open_to_strangers_are_those_that_are_listed(of_admin: set[int]) -> None:
    opened = set()
    for route, (name, view) in views().items():
        rule = rule_of(view, of_admin)
        is_open = isinstance(rule, Rule) and rule.who in (Who.EVERYONE, Who.READERS_OF_AGGREGATES)
        # The open interface asks for the sign-in itself.
        passes = is_open or route.startswith("api/")
        assert getattr(view, "login_required", True) is not passes, route
        if is_open:
            opened.add(name)

    assert opened - OPEN == set()


def test_rules_ask_for_permissions_that_there_are(of_admin: set[int]) -> None:
    asked = {
        permission
        for _name, view in views().values()
        if isinstance(rule := rule_of(view, of_admin), Rule)
        for permission in rule.permissions
    }
    known = {
        f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")
    }

    assert len(asked) > 10
    assert asked - known == set()


def test_rules_are_what_happens(of_admin: set[int], settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = False

    assert broken(views(), of_admin, is_public=False) == {}


def test_figures_are_for_strangers_where_they_are_open(of_admin: set[int], settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = True
    figures = {
        route: found
        for route, found in views().items()
        if rule_of(found[1], of_admin) == Rule(Who.READERS_OF_AGGREGATES)
    }

    assert len(figures) > 20
    assert broken(figures, of_admin, is_public=True) == {}


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("siapa saja")


def with_views(settings: Any, *added: URLPattern) -> Found:
    """The added addresses only, in a resolver that has them beside the portal's."""
    urls = types.ModuleType("urls_with_more")
    urls.urlpatterns = [*added, *get_resolver(live_settings.ROOT_URLCONF).url_patterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = urls
    return views(added)


def test_control_arm_bare_view_is_found(of_admin: set[int]) -> None:
    patterns = get_resolver().url_patterns

    opened = login_not_required(lambda request: bare(request))
    found = views([*patterns, path("baru/", bare), path("baru/lain/", opened)])

    assert without_rule(found, of_admin) == ["baru/", "baru/lain/"]


def test_control_arm_address_beside_the_admins_check_is_found(of_admin: set[int]) -> None:
    user_admin = admin.site._registry[User]

    found = views([path("admin/accounts/user/baru/", user_admin.changelist_view)])

    assert without_rule(found, of_admin) == ["admin/accounts/user/baru/"]


def test_control_arm_rule_that_is_not_kept_is_caught(of_admin: set[int], settings: Any) -> None:
    def said() -> View:
        return lambda request: bare(request)

    told = Rule(Who.HOLDERS, ("accounts.add_user",))
    found = with_views(
        settings,
        path("baru/1/", access.ruled(said(), told)),
        path("baru/2/", access.signed_in(login_not_required(said()))),
        path("baru/3/", access.holders("accounts.add_user")(said())),
        path("baru/4/", access.holders_of_any("accounts.add_user", "accounts.change_user")(said())),
        path("baru/5/", access.signed_in(said())),
    )

    assert sorted(broken(found, of_admin, is_public=True)) == ["baru/1/", "baru/2/"]
