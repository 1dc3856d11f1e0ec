from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "coverage_portal"
    label = "portal"
