from django.urls import path, re_path

from . import views

app_name = "regions"

PERIOD = r"^kelengkapan/(?P<month>\d{4}-\d{2})/"
REGENCY = r"(?P<code>\d{2}\.\d{2})/"
AREA = r"^wilayah/(?P<code>\d{2}(?:\.\d{2})?)/"

urlpatterns = [
    path("", views.province, name="province"),
    re_path(rf"{AREA}$", views.area, name="area"),
    re_path(rf"{AREA}perjalanan\.json$", views.trend_figure, name="trend_figure"),
    re_path(rf"{AREA}tindak-lanjut/$", views.commitments, name="commitments"),
    re_path(rf"{AREA}tindak-lanjut/tambah/$", views.add_commitment, name="add_commitment"),
    re_path(r"^unduhan/(?P<code>\d{2}(?:\.\d{2})?)\.xlsx$", views.page_file, name="page_file"),
    re_path(
        r"^unduhan/(?P<code>\d{2}(?:\.\d{2})?)/(?P<key>[a-z-]+)\.csv$", views.panel_file, name="panel_file"
    ),
    path("tindak-lanjut/", views.commitment_list, name="commitment_list"),
    path("tindak-lanjut/berkas/", views.commitment_list_file, name="commitment_list_file"),
    path("tindak-lanjut/<int:pk>/", views.commitment, name="commitment"),
    path("tindak-lanjut/<int:pk>/ubah/", views.change_commitment, name="change_commitment"),
    path("tindak-lanjut/<int:pk>/tutup/", views.close_commitment, name="close_commitment"),
    path("tindak-lanjut/<int:pk>/buka/", views.reopen_commitment, name="reopen_commitment"),
    path("kelengkapan/", views.completeness, name="completeness"),
    re_path(rf"{PERIOD}$", views.period_month, name="period_month"),
    re_path(rf"{PERIOD}(?P<step>ajukan|kembalikan|setujui|kunci)/$", views.period_step, name="period_step"),
    re_path(rf"{PERIOD}{REGENCY}$", views.period, name="period"),
    re_path(rf"{PERIOD}{REGENCY}pengecualian/$", views.grant_exception, name="grant_exception"),
    re_path(
        rf"{PERIOD}{REGENCY}pengecualian/(?P<pk>\d+)/akhiri/$", views.end_exception, name="end_exception"
    ),
    re_path(rf"{PERIOD}{REGENCY}revisi/$", views.publish_revision, name="publish_revision"),
    path("arsip/", views.archive, name="archive"),
    path("arsip/arsip.csv", views.archive_file, name="archive_file"),
    re_path(
        r"^arsip/(?P<month>\d{4}-\d{2})/(?P<code>\d{2}\.\d{2})/(?P<number>\d{1,4})/$",
        views.release,
        name="release",
    ),
    path("metode/", views.method, name="method"),
    path("data-terbuka/", views.open_data, name="open_data"),
    path("rekonsiliasi/", views.reconciliation_home, name="reconciliation"),
    re_path(
        r"^rekonsiliasi/(?P<code>\d{2}(?:\.\d{2})?)/$", views.reconciliation_area, name="reconciliation_area"
    ),
    re_path(
        r"^rekonsiliasi/(?P<code>\d{2}(?:\.\d{2})?)\.xlsx$",
        views.reconciliation_file,
        name="reconciliation_file",
    ),
    re_path(
        r"^rekonsiliasi/(?P<code>\d{2}(?:\.\d{2})?)/(?P<key>[a-z-]+)\.csv$",
        views.reconciliation_file,
        name="reconciliation_panel",
    ),
    path("simulasi/", views.simulation, name="simulation"),
]
