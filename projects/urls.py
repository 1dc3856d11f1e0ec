"""Addresses of projects and workers."""

from django.urls import path

from . import views

app_name = "projects"
urlpatterns = [
    path("proyek/", views.project_list, name="list"),
    path("proyek/berkas/", views.project_list_file, name="list_file"),
    path("proyek/kalender/", views.lapse_calendar, name="calendar"),
    path("proyek/pencocokan/", views.match_list, name="matching"),
    path("proyek/pencocokan/<int:package>/<int:registration>/", views.match, name="match"),
    path("proyek/pencocokan/<int:package>/<int:registration>/gabungkan/", views.join, name="join"),
    path(
        "proyek/pencocokan/<int:package>/<int:registration>/bukan/", views.reject_match, name="reject_match"
    ),
    path(
        "proyek/pencocokan/<int:package>/<int:registration>/tinjau-lagi/",
        views.reconsider_match,
        name="reconsider_match",
    ),
    path("kelompok/", views.group_list, name="groups"),
    path("kelompok/unduhan.xlsx", views.group_list_file, name="groups_file"),
    path("pengawas/", views.lookup, name="lookup"),
    path("subjek-data/", views.data_subject, name="data_subject"),
    path("proyek/<int:pk>/", views.project, name="project"),
    path("simulasi-iuran/", views.simulation, name="simulation"),
    path("proyek/imbauan/", views.agencies, name="agencies"),
    path("proyek/imbauan/<int:pk>/", views.work_list, name="work_list"),
    path("proyek/imbauan/<int:pk>/cetak/", views.print_letter, name="print_letter"),
    path("proyek/imbauan/surat/<str:reference>/", views.letter, name="letter"),
    path("proyek/imbauan/surat/<str:reference>/pdf/", views.letter_file, name="letter_file"),
]
