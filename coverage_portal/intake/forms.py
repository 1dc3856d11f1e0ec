"""What is asked of a user about a file: at upload, and when reading it has left something open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.areas import Scope

from . import answers, corrections
from .kinds import Kind
from .models import ImportBatch
from .naming import column_choices, translated
from .uploading import Failure

FAILURES = {
    Failure.TOO_BIG: _(
        "Berkas melebihi %(limit)s MB, sehingga tidak disimpan. Bagi menjadi beberapa berkas, lalu unggah "
        "satu per satu."
    ),
    Failure.CUT_OFF: _(
        "Unggahan terputus sebelum berkas diterima utuh, sehingga tidak disimpan. Periksa jaringan, lalu "
        "unggah kembali."
    ),
    Failure.NOT_STORED: _(
        "Server tidak dapat menyimpan berkas saat ini (penyimpanan penuh atau tidak dapat ditulis). Tidak "
        "ada yang diimpor. Coba lagi nanti atau hubungi admin portal."
    ),
}


class ReadingForm(forms.Form):
    """How a file is to be read, where it does not say so itself."""

    source = forms.CharField(
        label=_("Sumber data"),
        required=False,
        max_length=answers.LONGEST,
        help_text=_("Kosong berarti nama berkas. Kolom Sumber di dalam berkas didahulukan."),
    )
    data_date = forms.DateField(
        label=_("Tanggal data"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=_("Tanggal angka diambil, bila tidak ada di dalam berkas."),
        error_messages={"invalid": _("Tanggal tidak dapat dibaca. Pilih dari kalender.")},
    )
    number_style = forms.ChoiceField(
        label=_("Gaya angka"),
        choices=answers.NUMBER_STYLES,
        required=False,
        help_text=_("Untuk angka yang ditulis sebagai teks."),
    )
    code_system = forms.ChoiceField(
        label=_("Sistem kode wilayah"),
        choices=answers.CODE_SYSTEMS,
        required=False,
        help_text=_("Kode BPS dan Kemendagri berbeda untuk beberapa kabupaten."),
    )
    blank_clears = forms.BooleanField(
        label=_("Sel kosong mengosongkan nilai lama"),
        required=False,
        help_text=_("Bila tidak dicentang, sel kosong membiarkan nilai lama apa adanya."),
    )

    def options(self) -> dict[str, str]:
        """The answers as options of a batch; an empty one takes an earlier one back."""
        data = self.cleaned_data
        return {
            "source": data["source"],
            "data_date": data["data_date"].isoformat() if data["data_date"] else "",
            "number_style": data["number_style"],
            "code_system": data["code_system"],
            "blank_clears": "1" if data.get("blank_clears") else "",
        }


class UploadForm(ReadingForm):
    """One file and what kind of sheet it holds."""

    kind = forms.ChoiceField(
        label=_("Jenis data"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih jenis data di dalam berkas."),
            "invalid_choice": _("Jenis data itu tidak ada atau tidak boleh Anda impor."),
        },
    )
    file = forms.FileField(
        label=_("Berkas"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        error_messages={
            "required": _("Pilih berkas yang akan diimpor."),
            "invalid": _("Pilih berkas yang akan diimpor."),
        },
    )

    def __init__(
        self,
        *args: Any,
        kinds: Iterable[Kind],
        limit_mb: int,
        failure: Failure | None = None,
        corrects: ImportBatch | None = None,
        **kwargs: Any,
    ) -> None:
        if corrects is not None:
            chosen = corrections.inherited(corrects)
            asked = {**chosen, "kind": corrects.kind, "blank_clears": chosen.get("blank_clears") == "1"}
            kwargs["initial"] = asked
        super().__init__(*args, **kwargs)
        self.corrects = corrects
        self.kinds = tuple(kinds)
        self.limit_mb = limit_mb
        self.failure = failure
        self.fields["kind"].choices = [(kind.slug, kind.title) for kind in self.kinds]  # type: ignore[attr-defined]
        self.fields["file"].required = failure is None
        self._name_kinds_that_clear()

    def _name_kinds_that_clear(self) -> None:
        clearing = [kind for kind in self.kinds if kind.blanks_may_clear]
        if not clearing:
            del self.fields["blank_clears"]
        elif len(clearing) < len(self.kinds):
            titles = {"kinds": ", ".join(str(kind.title) for kind in clearing)}
            only = gettext("Hanya untuk %(kinds)s.") % titles
            self.fields["blank_clears"].help_text = f"{self.fields['blank_clears'].help_text} {only}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = next((kind for kind in self.kinds if kind.slug == cleaned.get("kind")), None)
        if chosen is not None and not chosen.blanks_may_clear:
            cleaned["blank_clears"] = False
        if self.failure is not None:
            self.add_failure(self.failure)
        return cleaned

    def options(self) -> dict[str, str]:
        options = super().options()
        return options if self.corrects is None else options | {"corrects": str(self.corrects.pk)}

    def add_failure(self, failure: Failure) -> None:
        """Say why the file was not kept."""
        self.add_error("file", ValidationError(FAILURES[failure], params={"limit": self.limit_mb}))


class AdjustForm(ReadingForm):
    """The same, once the file was read: which row is its heading and what each column holds."""

    sheet = forms.ChoiceField(label=_("Lembar"), required=False)
    header_row = forms.CharField(
        label=_("Baris judul kolom"),
        required=False,
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Kosong berarti dicari sendiri dalam 15 baris pertama."),
    )

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        scope: Scope,
        found: Mapping[str, Any],
        chosen: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        initial = {
            **chosen,
            "sheet": found.get("sheet") or "",
            "blank_clears": chosen.get("blank_clears") == "1",
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.kind, self.scope = kind, scope
        self.chosen = chosen
        self.columns = list(found.get("columns", []))
        sheets = [(sheet["name"], sheet["name"]) for sheet in found.get("sheets", [])]
        self.fields["sheet"].choices = sheets  # type: ignore[attr-defined]
        if len(sheets) < 2:
            del self.fields["sheet"]
        if not kind.blanks_may_clear:
            del self.fields["blank_clears"]
        for column in self.columns:
            self.fields[f"column:{column['index']}"] = forms.ChoiceField(
                label=column["heading"],
                choices=column_choices(kind, column["target"]),
                required=False,
                initial=column["target"] or "",
            )
        for question in kind.adjustments(scope):
            if question.name not in self.fields:
                asked = {**asdict(question), "value": chosen.get(question.name, question.value)}
                self.fields[question.name] = _question_field(asked)
        named = [f"column:{column['index']}" for column in self.columns]
        self.order_fields(["sheet", "header_row", *named])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for question in self.kind.adjustments(self.scope):
            said = cleaned.get(question.name)
            if isinstance(said, str):
                try:
                    cleaned[question.name] = answers.read(self.kind, question.name, said, self.scope)
                except answers.BadAnswer as error:
                    self.add_error(question.name, str(error))
        return cleaned

    def clean_header_row(self) -> str:
        try:
            return answers.read(self.kind, "header_row", self.cleaned_data["header_row"], self.scope)
        except answers.BadAnswer as error:
            raise ValidationError(str(error)) from error

    def options(self) -> dict[str, str]:
        """Only what differs from what was read: a new sheet or heading row makes old column answers void."""
        options = super().options()
        data = self.cleaned_data
        for question in self.kind.adjustments(self.scope):
            options.setdefault(question.name, data.get(question.name) or "")
        options["header_row"] = data["header_row"]
        moved = options["header_row"] != self.chosen.get("header_row", "")
        if "sheet" in self.fields and data["sheet"] and data["sheet"] != self.initial["sheet"]:
            options["sheet"] = data["sheet"]
            moved = True
        if moved:
            return options | {name: "" for name in self.chosen if name.startswith("column:")}
        for column in self.columns:
            name = f"column:{column['index']}"
            if data.get(name) and data[name] != column["target"]:
                options[name] = data[name]
        return options


class QuestionsForm(forms.Form):
    """The open questions of a batch, in the order in which they were asked."""

    def __init__(
        self, *args: Any, kind: Kind, scope: Scope, questions: Iterable[Mapping[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.scope = kind, scope
        self.names: dict[str, str] = {}
        for place, question in enumerate(questions):
            name = f"answer-{place}"
            self.names[name] = question["name"]
            self.fields[name] = _question_field(question)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for field, name in self.names.items():
            if field not in cleaned:
                continue
            try:
                cleaned[field] = answers.read(self.kind, name, cleaned[field], self.scope)
            except answers.BadAnswer as error:
                self.add_error(field, str(error))
        return cleaned

    def options(self) -> dict[str, str]:
        return {name: self.cleaned_data[field] for field, name in self.names.items()}


def _question_field(question: Mapping[str, Any]) -> forms.Field:
    label = translated(question["template"]) % question["params"]
    is_required = not question.get("optional")
    errors = {"required": _("Pertanyaan ini belum dijawab.")}
    if question["kind"] == "choice":
        choices = [(value, translated(text)) for value, text in question["choices"]]
        is_short = len(choices) <= 5 and is_required
        undecided = gettext("Pilih …") if is_required else gettext("Tidak disebutkan")
        return forms.ChoiceField(
            label=label,
            choices=choices if is_short else [("", undecided), *choices],
            widget=forms.RadioSelect if is_short else forms.Select,
            initial=question["value"],
            required=is_required,
            error_messages=errors | {"invalid_choice": _("Pilih salah satu jawaban.")},
        )
    attributes, help_text = _TYPED.get(question["kind"], ({}, ""))
    return forms.CharField(
        label=label,
        initial=question["value"],
        widget=forms.TextInput(attrs=attributes),
        help_text=help_text,
        required=is_required,
        error_messages=errors,
    )


_TYPED: dict[str, tuple[dict[str, str], Any]] = {
    "month": ({}, _("Misalnya Juli 2025 atau 2025-07.")),
    "year": ({"inputmode": "numeric", "maxlength": "4"}, _("Empat angka, misalnya 2025.")),
    "date": ({}, _("Misalnya 31-08-2025.")),
}
"""How an answer is typed, by the kind of its question: the input's attributes and what is said below it."""
