"""What gunicorn serves."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

GARBAGE_THRESHOLD = 20_000
"""Objects made and not yet gone before Python looks for those that only hold each other."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coverage_portal.settings")

_django = get_wsgi_application()

# What has been loaded stays, and need not be searched for garbage again and again. A page of figures makes
# some ten thousand objects, which are gone by reference counts alone once it is sent.
gc.freeze()
gc.set_threshold(GARBAGE_THRESHOLD)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django's answer; to HEAD without its body, which gunicorn would drop with a warning each time."""
    response = _django(environ, start_response)
    if environ["REQUEST_METHOD"] != "HEAD":
        return response
    response.close()
    return []
