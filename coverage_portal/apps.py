from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "coverage_portal"
    label = "portal"

    def ready(self) -> None:
        from .accounts import grouping

        # After the last of our apps with tables: there Django has made all the permissions.
        last = apps.get_app_config("projects")
        post_migrate.connect(grouping.make, sender=last, dispatch_uid="groups of roles")
