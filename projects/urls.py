"""Addresses of projects and workers."""

from django.urls import path

from . import api, views

app_name = "projects"
urlpatterns = [
    path("proyek/", views.project_list, name="list"),
    path("proyek/berkas/", views.project_list_file, name="list_file"),
    path("proyek/kalender/", views.lapse_calendar, name="calendar"),
    path("pengawas/", views.lookup, name="lookup"),
    path("proyek/<int:pk>/", views.project, name="project"),
    path("simulasi-iuran/", views.simulation, name="simulation"),
    path("api/v1/contribution", api.contribution, name="api_contribution"),
]
