"""Addresses of projects and workers."""

from django.urls import path

from . import views

app_name = "projects"
urlpatterns = [
    path("pengawas/", views.lookup, name="lookup"),
]
