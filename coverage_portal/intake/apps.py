from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "coverage_portal.intake"
    label = "intake"
    verbose_name = _("Impor berkas")

    def ready(self) -> None:
        autodiscover_modules("imports")
