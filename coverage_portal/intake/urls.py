from django.urls import path

from . import views

app_name = "intake"

urlpatterns = [
    path("", views.upload, name="upload"),
    path("riwayat/", views.history, name="history"),
    path("templat/<slug:kind>.xlsx", views.template, name="template"),
    path("<uuid:batch_id>/", views.batch, name="batch"),
    path("<uuid:batch_id>/kemajuan/", views.progress, name="progress"),
    path("<uuid:batch_id>/kesalahan.xlsx", views.error_file, name="error_file"),
    path("<uuid:batch_id>/jawaban/", views.answer, name="answer"),
    path("<uuid:batch_id>/konfirmasi/", views.confirm, name="confirm"),
    path("<uuid:batch_id>/hentikan/", views.cancel, name="cancel"),
    path("<uuid:batch_id>/urungkan/", views.undo, name="undo"),
]
