"""The pages of an import: upload, one page for each state of a batch, its files, and the history."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from coverage_portal.accounts import access
from coverage_portal.lib import exports

from . import corrections, jobs, kinds, reach, rights, selectors, services, template_file
from . import error_file as refused_rows
from .choices import Outcome
from .forms import AdjustForm, QuestionsForm, UploadForm
from .models import ImportBatch
from .uploading import Failure, failure_of

View = Callable[..., HttpResponseBase]


def may_upload(view: View) -> View:
    """Only for those who may upload files; the others learn whom to ask."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("intake.upload_file") or not rights.kinds_for(request.user):
            return _forbidden(request, _("Akun Anda belum berhak mengimpor berkas."))
        return view(request, *args, **kwargs)

    return access.ruled(guarded, access.Rule(access.Who.HOLDERS, ("intake.upload_file",)))


def in_right_state(view: View) -> View:
    """A request that comes too late, or twice, is answered with 409 and a sentence."""

    @wraps(view)
    def answered(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponseBase:
        try:
            return view(request, batch_id)
        except services.Conflict as conflict:
            context = {
                "batch": _visible(request, batch_id),
                "is_corrected": isinstance(conflict, services.Corrected),
            }
            return render(request, "intake/conflict.html", context, status=409)

    return answered


@require_http_methods(["GET", "HEAD", "POST"])
@may_upload
def upload(request: HttpRequest) -> HttpResponseBase:
    """Choose a kind and a file; what is sent is stored sealed and read by the worker."""
    wrong = _to_correct(request)
    objection = None if wrong is None else corrections.objection(wrong, request.user)
    if objection is not None:
        sentence = _(objection.template) % objection.params
        return render(request, "intake/conflict.html", {"batch": wrong, "sentence": sentence}, status=409)
    all_kinds = rights.kinds_for(request.user)
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={"kind": request.GET.get("jenis", "")},
        kinds=[kind for kind in all_kinds if wrong is None or kind.slug == wrong.kind],
        corrects=wrong,
        limit_mb=settings.UPLOAD_MAX_MB,
        failure=failure_of(request) if request.method == "POST" else None,
    )
    if form.is_valid():
        try:
            return _to_batch(request, _receive(request, form))
        except OSError:
            form.add_failure(Failure.NOT_STORED)
    return render(request, "intake/upload.html", {"form": form}, status=422 if form.is_bound else 200)


def _to_correct(request: HttpRequest) -> ImportBatch | None:
    """The import that the file is to correct, if it is; 404 where the user cannot see such a one."""
    asked = request.POST.get("corrects") if request.method == "POST" else request.GET.get("koreksi")
    if not asked:
        return None
    wrong = corrections.named(asked)
    if wrong is None:
        raise Http404
    return _visible(request, wrong.pk)


@transaction.atomic
def _receive(request: HttpRequest, form: UploadForm) -> ImportBatch:
    file = form.cleaned_data["file"]
    batch = services.receive(
        kind=form.cleaned_data["kind"],
        file_name=file.name,
        parts=file.chunks(),
        user=request.user,
        options=form.options(),
    )
    jobs.wake(batch)
    return batch


@require_safe
@access.signed_in
@never_cache
def batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """One import, as its state has it."""
    return _batch_page(request, _visible(request, batch_id))


@require_safe
@access.signed_in
@never_cache
def progress(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """How far the work is, as a part of the page; once it is over, the page is loaded anew."""
    shown = _visible(request, batch_id)
    if not shown.is_in_work:
        return HttpResponseClientRefresh()
    return render(request, "intake/_progress.html", {"progress": selectors.progress(shown)})


@require_POST
@access.signed_in
@in_right_state
def answer(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Answers to open questions, another way to read the file, or simply another try."""
    shown = _visible(request, batch_id)
    if shown.user != request.user or not request.user.has_perm("intake.upload_file"):
        return _forbidden(request, _("Hanya pengunggah berkas ini yang dapat menjawab."), shown)
    if request.POST.get("preview", "") != str(shown.preview or ""):
        raise services.Conflict
    forms = _forms(request, shown)
    bound = forms.get(request.POST.get("form", ""))
    if bound is not None and not bound.is_valid():
        return _batch_page(request, shown, forms, status=422)
    services.answer(batch=shown, options=bound.options() if bound else {})
    return redirect("intake:batch", batch_id)


@require_POST
@access.signed_in
@in_right_state
def confirm(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Apply the preview that was shown: all of it, or the good rows where that was asked for."""
    shown = _visible(request, batch_id)
    if not rights.may_confirm(shown, request.user):
        return _forbidden(request, _("Hanya pengunggah berkas yang berhak mengonfirmasi impor ini."), shown)
    services.confirm(
        batch=shown,
        preview=request.POST.get("preview", ""),
        user=request.user,
        good_rows_only=request.POST.get("rows") == "good",
    )
    return redirect("intake:batch", batch_id)


@require_POST
@access.signed_in
@in_right_state
def cancel(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Let go of an import that was not confirmed."""
    shown = _visible(request, batch_id)
    if shown.user != request.user:
        return _forbidden(request, _("Hanya pengunggah berkas ini yang dapat menghentikan impornya."), shown)
    services.cancel(batch=shown)
    return redirect("intake:batch", batch_id)


@require_POST
@access.signed_in
@in_right_state
def undo(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Take an applied import back."""
    shown = _visible(request, batch_id)
    if not rights.may_undo(shown, request.user):
        return _forbidden(request, _("Akun Anda belum berhak membatalkan impor ini."), shown)
    services.undo(batch=shown, user=request.user, leave_out=request.POST.get("leave_out") == "1")
    return redirect("intake:batch", batch_id)


@require_safe
@access.signed_in
@never_cache
def error_file(request: HttpRequest, batch_id: uuid.UUID) -> FileResponse:
    """The refused rows with what is wrong with them, to correct and upload again."""
    shown = _visible(request, batch_id)
    if not shown.rows.filter(outcome=Outcome.WRONG).exists():
        raise Http404
    is_whole = rights.sees_whole_rows(shown, request.user)
    if is_whole and kinds.get(shown.kind).reveal_permission and request.method == "GET":
        services.note_download(batch=shown, user=request.user, request=request)
    return _workbook(refused_rows.write(shown, is_masked=not is_whole), refused_rows.file_name(shown))


@require_safe
@may_upload
def template(request: HttpRequest, kind: str) -> FileResponse:
    """The empty workbook of a kind."""
    try:
        found = kinds.get(kind)
    except KeyError as error:
        raise Http404 from error
    return _workbook(template_file.write(found), template_file.file_name(found))


@require_safe
@access.signed_in
def history(request: HttpRequest) -> HttpResponse:
    """Every import that the user may see."""
    page = selectors.history(request.user, request.GET.get("halaman"))
    may = request.user.has_perm("intake.upload_file")
    return render(request, "intake/history.html", {"page": page, "may_upload": may})


def _visible(request: HttpRequest, batch_id: uuid.UUID) -> ImportBatch:
    batches = ImportBatch.objects.visible_to(request.user).select_related("user", "undone_by")
    return get_object_or_404(batches, pk=batch_id)


def _forms(request: HttpRequest, shown: ImportBatch) -> dict[str, AdjustForm | QuestionsForm]:
    """The two forms of a batch by name; the one that the request sent is bound."""
    sent = request.POST.get("form")
    data = request.POST
    kind = kinds.get(shown.kind)
    scope = reach.scope_for(request.user, kind, reach.UPLOAD)
    return {
        "questions": QuestionsForm(
            data if sent == "questions" else None, kind=kind, scope=scope, questions=shown.questions
        ),
        "reading": AdjustForm(
            data if sent == "reading" else None,
            kind=kind,
            scope=scope,
            found=shown.found,
            chosen=shown.options,
        ),
    }


def _batch_page(
    request: HttpRequest,
    shown: ImportBatch,
    forms: dict[str, AdjustForm | QuestionsForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = selectors.batch_page(shown, request.user, request.GET.get("halaman"))
    context = {"page": page, "batch": shown, "progress": selectors.progress(shown)}
    for name, form in (forms or _forms(request, shown)).items():
        context[f"{name}_form"] = form
    return render(request, "intake/batch.html", context, status=status)


def _to_batch(request: HttpRequest, shown: ImportBatch) -> HttpResponse:
    response = redirect("intake:batch", shown.pk)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def _forbidden(request: HttpRequest, sentence: str, shown: ImportBatch | None = None) -> HttpResponse:
    return render(request, "intake/forbidden.html", {"sentence": sentence, "batch": shown}, status=403)


def _workbook(content: Any, name: str) -> FileResponse:
    return FileResponse(content, as_attachment=True, filename=name, content_type=exports.XLSX_TYPE)
