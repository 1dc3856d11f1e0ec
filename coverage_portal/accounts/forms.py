"""What is asked on the pages of accounts."""

from __future__ import annotations

import datetime
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import events, roles, throttling
from .addresses import client_address, network_of
from .areas import Scope, of_codes, scope_of
from .models import AREA_CODE, Event, Role, User

AUDITORS_AT_MOST_DAYS = 366


class SignInForm(AuthenticationForm):
    """Name and password. Above the ceilings they are not looked at: `wait` says for how many seconds."""

    wait = 0

    def clean(self) -> dict[str, Any]:
        name = str(self.cleaned_data.get("username") or "")
        key, network = events.key_of(name), network_of(_address(self.request))
        self.wait = throttling.pause(key=key, network=network)
        if self.wait:
            self._note(Event.Kind.THROTTLED, name, key, network)
            raise self.get_invalid_login_error()
        is_looked_at = AxesProxyHandler.is_allowed(self.request, {"username": name})
        try:
            return dict(super().clean() or {})
        except ValidationError:
            kind = Event.Kind.SIGN_IN_FAILED if is_looked_at else Event.Kind.THROTTLED
            self._note(kind, name, key, network)
            raise

    def _note(self, kind: Event.Kind, name: str, key: str, network: str) -> None:
        if kind is Event.Kind.THROTTLED and throttling.is_noted(key=key, network=network):
            return
        user = User.objects.filter(username=name).first()
        events.note(kind, user=user, name=name, request=self.request)


def _address(request: HttpRequest | None) -> str | None:
    return client_address(request) if request is not None else None


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Kode"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )


class PasswordAndCodeForm(CodeForm):
    """Both again, before something that weakens the sign-in."""

    password = forms.CharField(
        label=_("Kata sandi"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("password", "code")


class NewPasswordForm(forms.Form):
    """A password to set, written twice."""

    password = forms.CharField(
        label=_("Kata sandi baru"),
        strip=False,
        max_length=4096,
        help_text=_("Sekurangnya 12 karakter. Kalimat yang hanya Anda tahu lebih baik daripada sandi rumit."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Sekali lagi"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password and password != cleaned.get("again"):
            self.add_error("again", _("Kedua kata sandi tidak sama."))
        elif password:
            try:
                password_validation.validate_password(password, self.user)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    """With the password so far."""

    old = forms.CharField(
        label=_("Kata sandi sekarang"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "password", "again")


def grant_problem(actor: Any, *, role: str, area_code: str, agency_code: str) -> str | None:
    """Why a user may not hand out a role there, if so. Whoever may, manages users in that area."""
    scope: Scope = scope_of(actor, "accounts.add_areagrant")
    if not scope.covers(area_code):
        is_narrow = bool(agency_code) and bool(scope & of_codes([area_code]).whole)
        if not is_narrow:
            return str(_("Wilayah ini di luar wilayah kerja Anda."))
    if role not in roles.BY_SLUG:
        return str(_("Peran ini tidak dikenal."))
    return None


class InviteForm(forms.Form):
    """A new user with a first role. They choose the password themselves, by the link."""

    username = forms.CharField(label=_("Nama pengguna"), max_length=150)
    first_name = forms.CharField(label=_("Nama depan"), max_length=150)
    last_name = forms.CharField(label=_("Nama belakang"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Peran"), choices=Role.choices)
    area_code = forms.CharField(
        label=_("Kode wilayah"),
        max_length=5,
        validators=[AREA_CODE],
        help_text=_("61 untuk seluruh provinsi, 61.04 untuk satu kabupaten/kota"),
    )
    agency_code = forms.CharField(
        label=_("Kode OPD"),
        max_length=40,
        required=False,
        help_text=_("Diisi bila hanya untuk proyek satu instansi; kosong untuk seluruh wilayah."),
    )
    valid_until = forms.DateField(
        label=_("Berlaku sampai"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Wajib bagi auditor."),
    )
    reason = forms.CharField(label=_("Alasan"), max_length=300)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        User.username_validator(name)
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("Nama pengguna ini sudah dipakai."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"role", "area_code"} <= cleaned.keys():
            problem = grant_problem(
                self.actor,
                role=cleaned["role"],
                area_code=cleaned["area_code"],
                agency_code=cleaned.get("agency_code") or "",
            )
            if problem:
                self.add_error("area_code", problem)
            until = cleaned.get("valid_until")
            if roles.BY_SLUG[cleaned["role"]].must_end and until is None and "valid_until" in cleaned:
                self.add_error("valid_until", _("Peran auditor selalu berbatas waktu: isi tanggal akhirnya."))
            if until is not None and until < timezone.localdate():
                self.add_error("valid_until", _("Tanggal ini sudah lewat."))
        return cleaned


class ResetForm(forms.Form):
    """Why a link is made, and whether the second factor is to go with the password."""

    reason = forms.CharField(label=_("Alasan"), max_length=300)
    lost_phone = forms.BooleanField(
        label=_("Ponsel dan kode pemulihan hilang: lepas juga kode keduanya"), required=False
    )


class HistoryForm(forms.Form):
    """What of the history to show. All of it stands in the address."""

    dari = forms.DateField(
        label=_("Dari tanggal"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sampai = forms.DateField(
        label=_("Sampai tanggal"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    pelaku = forms.CharField(label=_("Pelaku"), max_length=150, required=False)
    jenis = forms.ChoiceField(label=_("Jenis"), required=False)
    wilayah = forms.CharField(label=_("Kode wilayah"), max_length=5, required=False, validators=[AREA_CODE])
    alasan = forms.CharField(label=_("Alasan berisi"), max_length=100, required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jenis"].choices = [("", _("semua")), *kinds]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was asked for and understood."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        return {name: value for name, value in given.items() if value not in (None, "")}

    @property
    def kept(self) -> dict[str, str]:
        """The same for addresses."""
        return {
            name: value.isoformat() if isinstance(value, datetime.date) else str(value)
            for name, value in self.wanted.items()
        }
