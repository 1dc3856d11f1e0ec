"""HTML to PDF, by WeasyPrint, from nothing but the HTML and the files that the caller names.

WeasyPrint needs Pango on the machine and is slow to import, so it is imported when the first PDF is made.
"""

from __future__ import annotations

import importlib
import logging
import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

SCHEME = "portal:"
"""Files are addressed as `portal:<name>` in HTML and in stylesheets."""
VARIANT = "pdf/ua-1"
DEBIAN_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")

logger = logging.getLogger(__name__)


class Unavailable(Exception):
    """This machine cannot make PDFs: WeasyPrint or the libraries that it needs are missing."""


def engine() -> Any:
    """WeasyPrint. Raises Unavailable."""
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        logger.warning("No PDF can be made: %s", error)
        raise Unavailable from error


def render(html: str, files: Mapping[str, Path], *, uncompressed: bool = False) -> bytes:
    """The PDF (PDF/UA) of a page. `files` are all that it may load, by name; nothing else is ever opened.

    Raises:
        Unavailable: see there.
    """
    pdf: bytes = document(html, files).write_pdf(pdf_variant=VARIANT, uncompressed_pdf=uncompressed)
    return pdf


def written(laid_out: Any) -> bytes:
    """The PDF (PDF/UA) of a page that was laid out."""
    pdf: bytes = laid_out.write_pdf(pdf_variant=VARIANT)
    return pdf


def document(html: str, files: Mapping[str, Path]) -> Any:
    """The page laid out, not written yet: its pages can be looked at. Raises Unavailable."""
    weasyprint = engine()
    fetcher = _fetcher_class()(files)
    return weasyprint.HTML(string=html, base_url=SCHEME, url_fetcher=fetcher).render(pdf_variant=VARIANT)


@cache
def _fetcher_class() -> Any:
    urls = importlib.import_module("weasyprint.urls")

    class NamedFiles(urls.URLFetcher):  # type: ignore[misc, name-defined]
        """Opens the named files, and refuses network, file system and data addresses alike."""

        def __init__(self, files: Mapping[str, Path]) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self.files = files

        def fetch(self, url: str, headers: object = None) -> Any:
            path = self.files.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
            if path is None:
                raise ValueError("not one of the files of this document")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return urls.URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return NamedFiles
