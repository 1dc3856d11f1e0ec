"""Every address of the portal, by its first word."""

from django.contrib import admin
from django.urls import include, path

from . import dashboard, health, open_data, processing, views
from .brief import views as brief

urlpatterns = [
    path("", include("regions.urls")),
    path("", include("coverage_portal.accounts.urls")),
    path("", include("projects.urls")),
    path("konstruksi/", dashboard.construction_page, name="construction"),
    path("konstruksi/unduhan.xlsx", dashboard.construction_file, name="construction_file"),
    path("konstruksi/<slug:key>.csv", dashboard.construction_file, name="construction_panel"),
    path("impor/", include("coverage_portal.intake.urls")),
    path("ringkasan/", brief.page, name="brief"),
    path("ringkasan/pdf/", brief.pdf_file, name="brief_file"),
    path("api/v1/", open_data.urls),
    path("bahasa/", views.language, name="language"),
    path("pemrosesan-data/", processing.page, name="processing"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/login/", views.admin_sign_in),
    path("admin/password_change/", views.admin_password),
    path("admin/password_change/done/", views.admin_password),
    path("admin/", admin.site.urls),
]

handler500 = views.server_error
