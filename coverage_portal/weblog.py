"""gunicorn's own logs, in the portal's form and with personal numbers masked: somebody may type one into the
address."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from gunicorn.glogging import Logger

from coverage_portal.lib import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coverage_portal.settings")


class RedactingLogger(Logger):  # type: ignore[misc]
    """Masks finished lines of the error log, and of the access log where one is asked for."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                before = handler.formatter
                if settings.LOG_FORMAT == "json":
                    handler.setFormatter(logs.JsonFormatter())
                elif before is not None:
                    handler.setFormatter(logs.TextFormatter(before._fmt, before.datefmt))
