from django.urls import path, re_path

from . import views

app_name = "regions"

urlpatterns = [
    path("", views.province, name="province"),
    re_path(r"^wilayah/(?P<code>\d{2}(?:\.\d{2})?)/$", views.area, name="area"),
    path("metode/", views.method, name="method"),
]
