from django.urls import path, re_path

from . import views

app_name = "regions"

urlpatterns = [
    path("", views.province, name="province"),
    re_path(r"^wilayah/(?P<code>\d{2}(?:\.\d{2})?)/$", views.area, name="area"),
    re_path(r"^unduhan/(?P<code>\d{2}(?:\.\d{2})?)\.xlsx$", views.page_file, name="page_file"),
    re_path(
        r"^unduhan/(?P<code>\d{2}(?:\.\d{2})?)/(?P<key>[a-z-]+)\.csv$", views.panel_file, name="panel_file"
    ),
    path("metode/", views.method, name="method"),
    path("simulasi/", views.simulation, name="simulation"),
]
