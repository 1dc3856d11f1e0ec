"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView

sign_in = LoginView.as_view(template_name="accounts/sign_in.html")
sign_out = LogoutView.as_view()
