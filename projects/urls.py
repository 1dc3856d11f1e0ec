"""Addresses of projects and workers."""

from django.urls import path

from . import api, views

app_name = "projects"
urlpatterns = [
    path("pengawas/", views.lookup, name="lookup"),
    path("simulasi-iuran/", views.simulation, name="simulation"),
    path("api/v1/contribution", api.contribution, name="api_contribution"),
]
