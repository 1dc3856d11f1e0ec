"""Django's own `createsuperuser`, whose user is in the history like any other."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.db import transaction

from coverage_portal.accounts import history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change, User


class Command(createsuperuser.Command):
    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        known = set(User.objects.values_list("pk", flat=True))
        super().handle(*args, **options)
        made = User.objects.exclude(pk__in=known)
        author = Author(None, Change.Source.COMMAND, "createsuperuser")
        history.record(author, [(user, None, history.snapshot_of_user(user)) for user in made])
