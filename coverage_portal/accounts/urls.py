from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("masuk/", views.sign_in, name="login"),
    path("keluar/", views.sign_out, name="logout"),
]
