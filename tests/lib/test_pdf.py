"""PDFs are made of the HTML and the named files, and of nothing else."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from coverage_portal.lib import pdf

SECRET = "isi-berkas-rahasia"
PAGE = '<html lang="id"><head><title>Contoh</title>{head}</head><body>{body}</body></html>'


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that was asked for and answered."""
    answered: list[str] = []
    fetcher = pdf._fetcher_class()
    fetch = fetcher.fetch

    def watched(self: Any, url: str, headers: object = None) -> Any:
        response = fetch(self, url, headers)
        answered.append(url)
        return response

    monkeypatch.setattr(fetcher, "fetch", watched)
    return answered


def hostile(tmp_path: Path) -> dict[str, str]:
    """Ways in which a page may ask for a file or the network, by what they are."""
    secret = tmp_path / "secret.css"
    secret.write_text(f'body::before {{ content: "{SECRET}" }}')
    address = secret.as_uri()
    return {
        "stylesheet": f'<link rel="stylesheet" href="{address}">',
        "import": f'<style>@import url("{address}");</style>',
        "image": f'<img src="{address}">',
        "network": '<img src="http://127.0.0.1:9/x.png">',
        "object": f'<object data="{address}"></object>',
        "attachment": f'<link rel="attachment" href="{address}">',
        "inline svg": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}"/></svg>',
        "data": "<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>'>",
        "up": '<link rel="stylesheet" href="portal:../secret.css">',
    }


def test_nothing_but_the_named_files_is_opened(tmp_path: Path, opened: list[str]) -> None:
    style = tmp_path / "own.css"
    style.write_text("body { color: #123456 }")
    svg = tmp_path / "logo.svg"
    secret = (tmp_path / "secret.css").as_uri()
    svg.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        f'<image href="{secret}" width="9" height="9"/><use href="{secret}#a"/></svg>'
    )
    asking = "".join(hostile(tmp_path).values())
    head = '<link rel="stylesheet" href="portal:own.css">'
    html = PAGE.format(head=head, body=f'{asking}<img src="portal:logo" alt="Logo">')

    file = pdf.render(html, {"own.css": style, "logo": svg}, uncompressed=True)

    assert set(opened) == {"portal:own.css", "portal:logo"}
    assert SECRET.encode() not in file


def test_control_arm_without_the_fetcher_the_file_is_opened(tmp_path: Path) -> None:
    weasyprint = importlib.import_module("weasyprint")
    asking = hostile(tmp_path)

    unguarded = weasyprint.HTML(string=PAGE.format(head=asking["stylesheet"], body="")).render()
    guarded = pdf.document(PAGE.format(head=asking["stylesheet"], body=""), {})

    assert SECRET in text_of(unguarded)
    assert SECRET not in text_of(guarded)


def text_of(document: Any) -> str:
    """All text of a laid-out document."""
    return "".join(
        box.text for page in document.pages for box in page._page_box.descendants() if hasattr(box, "text")
    )


def test_pdf_has_language_and_title() -> None:
    file = pdf.render(PAGE.format(head="", body="<p>isi</p>"), {}, uncompressed=True)

    assert file.startswith(b"%PDF-")
    assert b"/Lang (id)" in file
    assert b"/Title (Contoh)" in file
    assert b"pdfuaid" in file


@pytest.mark.parametrize("error", [OSError("cannot load library 'libpango-1.0-0'"), ImportError("no")])
def test_missing_library_is_said(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(name: str) -> Any:
        raise error

    monkeypatch.setattr(importlib, "import_module", refuse)

    with pytest.raises(pdf.Unavailable):
        pdf.render(PAGE.format(head="", body=""), {})


def test_weasyprint_is_imported_only_when_needed() -> None:
    """The web process starts without it, for it takes long and needs Pango."""
    source = Path(pdf.__file__).read_text()

    assert "import weasyprint" not in source.replace('import_module("weasyprint', "")
