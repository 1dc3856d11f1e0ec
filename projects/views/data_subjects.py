"""What a person asks of their own data: to see, to restrict, to erase. All by POST, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from coverage_portal.accounts import access
from coverage_portal.accounts.models import User
from coverage_portal.lib import pdf
from coverage_portal.lib.identity import Nik
from projects import data_subjects
from projects.forms import DataSubjectForm
from projects.models import Worker
from projects.sealing import KeyIsChanging
from projects.selectors import data_subject as selectors

FILE_NAME = "berkas-subjek-data"


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("nik", "reason")
@never_cache
@access.holders("projects.answer_data_subject")
def data_subject(request: HttpRequest) -> HttpResponse:
    """The form, and what was asked with it. No address leads to a person."""
    form = DataSubjectForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    nik: Nik = form.cleaned_data["nik"]
    worker = data_subjects.find(nik, cast(User, request.user))
    if worker is None:
        form.add_error(
            "nik", _("Tidak ada data orang ini, atau sebagian datanya di luar wilayah kerja Anda.")
        )
        return _page(request, form, status=422)
    return _ACTS[form.cleaned_data["act"]](request, form, worker)


def _page(
    request: HttpRequest,
    form: DataSubjectForm,
    *,
    status: int = 200,
    report: selectors.Report | None = None,
    cannot_print: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "report": report,
        "cannot_print": cannot_print,
        "packages": " ".join(pdf.DEBIAN_PACKAGES),
    }
    return render(request, "projects/data_subject.html", context, status=status)


def _show(request: HttpRequest, form: DataSubjectForm, worker: Worker) -> HttpResponse:
    return _page(request, form, report=_report(request, form, worker))


def _as_json(request: HttpRequest, form: DataSubjectForm, worker: Worker) -> HttpResponse:
    found = _report(request, form, worker).as_json()
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return _attached(response, "json")


def _as_pdf(request: HttpRequest, form: DataSubjectForm, worker: Worker) -> HttpResponse:
    try:
        pdf.engine()
    except pdf.Unavailable:
        return _page(request, form, status=503, cannot_print=True)
    html = render_to_string("projects/data_subject_file.html", {"report": _report(request, form, worker)})
    return _attached(HttpResponse(pdf.render(html, {}), content_type="application/pdf"), "pdf")


def _report(request: HttpRequest, form: DataSubjectForm, worker: Worker) -> selectors.Report:
    """The report, which says of itself that it was given."""
    user = cast(User, request.user)
    data_subjects.record_report(worker=worker, user=user, reason=form.cleaned_data["reason"])
    return selectors.report(worker, form.cleaned_data["nik"])


def _attached(response: HttpResponse, ending: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}.{ending}"'
    return response


def _restrict(request: HttpRequest, form: DataSubjectForm, worker: Worker) -> HttpResponse:
    user = cast(User, request.user)
    data_subjects.restrict(worker=worker, user=user, reason=form.cleaned_data["reason"])
    messages.success(
        request, _("Pemrosesan dibatasi: orang ini tidak lagi muncul di daftar dan pemeriksaan.")
    )
    return redirect("projects:data_subject")


def _lift(request: HttpRequest, form: DataSubjectForm, worker: Worker) -> HttpResponse:
    data_subjects.lift(worker=worker, user=cast(User, request.user), reason=form.cleaned_data["reason"])
    messages.success(request, _("Pembatasan diakhiri."))
    return redirect("projects:data_subject")


def _erase(request: HttpRequest, form: DataSubjectForm, worker: Worker) -> HttpResponse:
    try:
        data_subjects.erase(
            worker=worker,
            nik=form.cleaned_data["nik"].digits,
            user=cast(User, request.user),
            reason=form.cleaned_data["reason"],
        )
    except KeyIsChanging:
        form.add_error(None, _("Kunci penyegel NIK sedang diganti. Coba lagi setelah selesai."))
        return _page(request, form, status=409)
    messages.success(request, _("Data pribadi dihapus. Angka cakupan tidak berubah."))
    return redirect("projects:data_subject")


_ACTS: dict[str, Callable[[HttpRequest, DataSubjectForm, Worker], HttpResponse]] = {
    DataSubjectForm.SHOW: _show,
    DataSubjectForm.JSON: _as_json,
    DataSubjectForm.PDF: _as_pdf,
    DataSubjectForm.RESTRICT: _restrict,
    DataSubjectForm.LIFT: _lift,
    DataSubjectForm.ERASE: _erase,
}
