"""gunicorn's own logs, with personal numbers masked: somebody may type one into the address."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from coverage_portal.lib.redaction import RedactingFormatter


class RedactingLogger(Logger):  # type: ignore[misc]
    """Masks finished lines of the error log, and of the access log where one is asked for."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                before = handler.formatter
                if before is not None:
                    handler.setFormatter(RedactingFormatter(before._fmt, before.datefmt))
