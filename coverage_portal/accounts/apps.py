from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "coverage_portal.accounts"
    label = "accounts"
    verbose_name = _("Pengguna dan wilayah kerja")

    def ready(self) -> None:
        from . import sessions, signing_in

        # Django's own word that a session has begun, whoever began it.
        user_logged_in.connect(_begin(sessions.begin), dispatch_uid="session limits", weak=False)
        user_logged_in.connect(_begin(signing_in.note_success), dispatch_uid="sign-in log", weak=False)


def _begin(told):  # type: ignore[no-untyped-def]
    def heard(sender, request, user, **_named):  # type: ignore[no-untyped-def]
        told(request=request, user=user)

    return heard
