"""Django's own `changepassword`; that the password was changed is history, the password is not."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from coverage_portal.accounts import events, history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change, Event, User


class Command(changepassword.Command):
    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> str | None:
        before = dict(User.objects.values_list("pk", "password"))
        said: str | None = super().handle(*args, **options)
        author = Author(None, Change.Source.COMMAND, "changepassword")
        for user in User.objects.filter(pk__in=before):
            if user.password != before[user.pk]:
                shown = history.snapshot_of_user(user)
                history.record(author, [(user, shown, {**shown, **history.PASSWORD_CHANGED})])
                events.note(Event.Kind.PASSWORD_CHANGED, what=user.get_username())
        return said
