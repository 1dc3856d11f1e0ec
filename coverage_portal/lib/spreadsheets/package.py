"""The pre-flight over a zip that may be a workbook: which kind, what is refused by policy, its sheets."""

from __future__ import annotations

import posixpath
import re
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from coverage_portal.lib.spreadsheets.archive import Archive, refuse_dtd
from coverage_portal.lib.spreadsheets.limits import Limits
from coverage_portal.lib.spreadsheets.opendocument import survey_opendocument
from coverage_portal.lib.spreadsheets.refusal import Unreadable
from coverage_portal.lib.spreadsheets.wellformed import well_formed
from coverage_portal.lib.spreadsheets.workbook import SheetSurvey, Survey
from coverage_portal.lib.spreadsheets.worksheet import SharedStrings, WorksheetScan, survey_strings

_OTHER_PACKAGES = (
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("index/document.iwa", "numbers"),
)
_XML_SUFFIXES = (".xml", ".rels", ".vml")
_WORKBOOK = "xl/workbook.xml"
_STRINGS = "xl/sharedstrings.xml"
_STYLES = "xl/styles.xml"
_NO_FORMAT = re.compile(rb"\snumFmtId\s*=\s*[\"'](?!\d{1,9}[\"'])")


def survey_package(file: BinaryIO, limits: Limits) -> Survey:
    """Survey an .xlsx or .ods. Raises Unreadable."""
    archive = Archive(file, limits)
    if "content.xml" in archive:
        return survey_opendocument(archive, limits)
    for part, kind in _OTHER_PACKAGES:
        if part in archive:
            raise Unreadable("wrong_type", kind=kind)
    if _WORKBOOK not in archive:
        raise Unreadable("wrong_type", kind="zip")
    return _survey_workbook(archive, limits)


def _survey_workbook(archive: Archive, limits: Limits) -> Survey:
    _refuse_macros(archive)
    survey = Survey("xlsx", [])
    _refuse_external(archive, survey)
    targets = _targets(archive)
    sheets = [element for element in _parsed(archive, _WORKBOOK).iter() if _local(element.tag) == "sheet"]
    parts = [targets.get(_relation(element), ("", "")) for element in sheets]
    big = {part for part, _ in parts} | {_STRINGS}
    _refuse_dtd_elsewhere(archive, big | {_STYLES})
    _refuse_damaged_styles(archive, limits)
    strings = survey_strings(archive, _STRINGS, limits) if _STRINGS in archive else SharedStrings()
    survey.strings_bytes = strings.bytes
    for element, (part, kind) in zip(sheets, parts, strict=True):
        sheet = SheetSurvey()
        if kind == "worksheet":
            sheet = WorksheetScan(strings, limits).read(archive.xml(part))
        sheet.name = element.get("name")
        survey.sheets.append(sheet)
    if any(name.startswith("xl/embeddings/") for name in archive.names()):
        survey.notes.append("embedded_objects")
    return survey


def _refuse_macros(archive: Archive) -> None:
    names = archive.names()
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise Unreadable("macro")
    if b"macroenabled" in archive.small("[Content_Types].xml").lower():
        raise Unreadable("macro")


def _refuse_external(archive: Archive, survey: Survey) -> None:
    """Links a reader of the sheet might click are harmless; parts fetched from elsewhere are not.

    A formula's link to another workbook is kept: its cached value is used and nothing is opened.
    """
    for name in archive.names():
        if not name.endswith(".rels"):
            continue
        for relation in _parsed(archive, name).iter():
            if relation.get("TargetMode", "").lower() != "external":
                continue
            kind = relation.get("Type", "").lower()
            if name.startswith("xl/externallinks/") and "externallink" in kind:
                if "external_links" not in survey.notes:
                    survey.notes.append("external_links")
            elif not kind.endswith("/hyperlink"):
                raise Unreadable("external_link")


def _targets(archive: Archive) -> dict[str, tuple[str, str]]:
    """Relation id -> (member name, kind of part) of the workbook's own relations."""
    name = "xl/_rels/workbook.xml.rels"
    if name not in archive:
        return {}
    targets = {}
    for relation in _parsed(archive, name).iter():
        target = relation.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        targets[relation.get("Id", "")] = (part.lower(), relation.get("Type", "").rpartition("/")[2])
    return targets


def _refuse_dtd_elsewhere(archive: Archive, read_later: set[str]) -> None:
    """Refuse a DTD in parts that are never parsed here too: nobody writes one by accident."""
    for name in archive.names():
        if name.endswith(_XML_SUFFIXES) and name not in read_later:
            for _ in refuse_dtd(archive.chunks(name)):
                pass


def _refuse_damaged_styles(archive: Archive, limits: Limits) -> None:
    """Without its styles a date is read as a number, and of damaged ones the library takes what it can."""
    if _STYLES not in archive:
        return
    content = b"".join(archive.xml(_STYLES))
    for piece in well_formed(iter([content]), limits):
        if _NO_FORMAT.search(piece):
            raise Unreadable("corrupt")


def _parsed(archive: Archive, name: str) -> Element:
    try:
        root: Element = fromstring(archive.small(name), forbid_dtd=True)
    except (ParseError, ValueError) as error:
        raise Unreadable("corrupt") from error
    return root


def _relation(element: Element) -> str:
    return next((value for name, value in element.items() if _local(name) == "id"), "")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
