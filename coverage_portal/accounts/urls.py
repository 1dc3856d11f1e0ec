from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("masuk/", views.sign_in, name="login"),
    path("masuk/kode/", views.second_step, name="second_step"),
    path("masuk/pasang/", views.enrol, name="enrol"),
    path("keluar/", views.sign_out, name="logout"),
    path("akun/", views.account, name="account"),
    path("akun/faktor-kedua/", views.add_second_factor, name="add_second_factor"),
    path("akun/faktor-kedua/lepas/", views.remove_second_factor, name="remove_second_factor"),
    path("akun/kode-pemulihan/", views.new_codes, name="new_codes"),
    path("akun/kata-sandi/", views.change_password, name="change_password"),
    path("akun/keluar-semua/", views.end_sessions, name="end_sessions"),
    path("pengguna/undang/", views.invite, name="invite"),
    path("pengguna/<int:pk>/tautan/", views.reset, name="reset"),
    path("tautan/", views.link, name="link"),
    path("tautan/<str:secret>/", views.open_link, name="open_link"),
    path("riwayat/", views.changes, name="changes"),
    path("riwayat/unduhan/", views.change_file, name="change_file"),
    path("riwayat/kejadian/", views.events, name="events"),
    path("riwayat/kejadian/unduhan/", views.event_file, name="event_file"),
    path("panduan/", views.guide, name="guide"),
    path("panduan/<slug:role>/", views.guide_page, name="guide_page"),
]
