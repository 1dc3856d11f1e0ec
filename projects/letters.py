"""What a surat imbauan to one agency says: which of its projects, in which order, numbered and summed.

A `WorkList` is made of positions as of a day. `content` turns it into the letter's own text, whole and fixed:
what is kept of a letter, and what it can be printed from again. Without a database and without Django.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .compliance import Finding, Position, Rule


def _(msgid: str) -> str:
    """Mark a text for makemessages; letters keep it in Indonesian, pages translate it."""
    return msgid


MAX_PROJECTS = 200
"""Projects in one letter: some fifty pages. Laying out takes about a twentieth of a second for each."""

GROUPS: tuple[tuple[Rule, str], ...] = (
    (Rule.LATE_REGISTRATION, _("Belum didaftarkan dan melewati batas waktu")),
    (Rule.UNPROTECTED, _("Pekerjaan dimulai dan iuran belum dibayar")),
    (Rule.ARREARS, _("Menunggak iuran")),
    (Rule.COVER_SHORT, _("Perlindungan berakhir sebelum akhir masa pemeliharaan")),
    (Rule.UNDERPAID_AFTER_ADDENDUM, _("Iuran belum disesuaikan dengan adendum")),
    (Rule.WORKERS_BELOW_PLAN, _("Pekerja yang didaftarkan kurang dari rencana")),
)
"""What a letter asks for, the gravest first, as its headings say it. A warning (overpaid) asks for none."""

LEGAL_BASES: tuple[str, ...] = (
    "Peraturan Pemerintah Nomor 44 Tahun 2015 tentang Penyelenggaraan Program Jaminan Kecelakaan Kerja dan "
    "Jaminan Kematian, Pasal 53 sampai dengan Pasal 56, sebagaimana telah beberapa kali diubah, terakhir "
    "dengan Peraturan Pemerintah Nomor 49 Tahun 2023",
    "Instruksi Presiden Nomor 2 Tahun 2021 tanggal 25 Maret 2021 tentang Optimalisasi Pelaksanaan Program "
    "Jaminan Sosial Ketenagakerjaan",
    "Peraturan Menteri Ketenagakerjaan Nomor 5 Tahun 2021 tentang Tata Cara Penyelenggaraan Program Jaminan "
    "Kecelakaan Kerja, Jaminan Kematian, dan Jaminan Hari Tua",
)
"""Cited by the letter; `docs/projects.md` says how sure each is."""

Write = Callable[[str, Mapping[str, object]], str]
"""Fills a template of compliance: `wording.sentence`, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Item:
    """A project of the agency and where it stands. `data_date` is the day its record is of, where known."""

    pk: int
    name: str
    package_code: str
    contract_number: str
    contractor: str
    place: str
    data_date: date | None
    position: Position

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is open, the gravest first and warnings last."""
        grave = [rule for rule, _title in GROUPS]
        last = len(grave)
        return tuple(
            sorted(
                self.position.open_findings,
                key=lambda finding: grave.index(finding.rule) if finding.rule in grave else last,
            )
        )

    @property
    def main(self) -> Finding | None:
        """The gravest of what needs action, which the project is listed under; None where nothing does."""
        return next((finding for finding in self.findings if not finding.is_warning), None)

    def is_mainly(self, rule: Rule) -> bool:
        return self.main is not None and self.main.rule is rule


@dataclass(frozen=True, slots=True)
class Group:
    """Projects listed together, with their numbers in the attachment."""

    rule: Rule
    title: str
    items: tuple[tuple[int, Item], ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """Rupiah over the projects of a list.

    `arrears` are overdue instalments and `assessed` is what is unpaid, both by BPJS's own assessments.
    `estimated` is unpaid by the portal's estimate ("perkiraan"), where BPJS has set nothing. `unknown`
    counts the projects of which neither is known.
    """

    arrears: Decimal
    assessed: Decimal
    estimated: Decimal
    unknown: int


@dataclass(frozen=True, slots=True)
class WorkList:
    """The projects of one agency that need action as of `on`, in the order of their numbers."""

    agency: str
    on: date
    items: tuple[Item, ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        numbered = list(enumerate(self.items, 1))
        groups = []
        for rule, title in GROUPS:
            inside = tuple(
                pair for pair in numbered if pair[1].main is not None and pair[1].main.rule is rule
            )
            if inside:
                groups.append(Group(rule, title, inside))
        return tuple(groups)

    @property
    def sums(self) -> Sums:
        accounts = [item.position.account for item in self.items]
        unpaid = [(account.outstanding, account.is_estimate) for account in accounts]
        return Sums(
            sum((account.arrears.total for account in accounts), Decimal(0)),
            sum((amount for amount, estimate in unpaid if amount and not estimate), Decimal(0)),
            sum((amount for amount, estimate in unpaid if amount and estimate), Decimal(0)),
            sum(amount is None for amount, _estimate in unpaid),
        )

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many projects need each kind of action; one project may need several."""
        needed = [{f.rule for f in item.findings} for item in self.items]
        counted = ((title, sum(rule in rules for rules in needed)) for rule, title in GROUPS)
        return tuple((title, count) for title, count in counted if count)

    @property
    def data_dates(self) -> tuple[date, date] | None:
        """The oldest and the newest day that the records of the projects are of; None where none is known."""
        days = [item.data_date for item in self.items if item.data_date is not None]
        return (min(days), max(days)) if days else None


def work_list(agency: str, on: date, items: Iterable[Item]) -> WorkList:
    """The work list of an agency: by kind of action, then what has waited longest, then by name."""
    place = {rule: number for number, (rule, _title) in enumerate(GROUPS)}

    def order(item: Item) -> tuple[int, date, str, int]:
        main = item.main
        return (0, date.max, "", 0) if main is None else (place[main.rule], main.since, item.name, item.pk)

    return WorkList(agency, on, tuple(sorted((item for item in items if item.main is not None), key=order)))


_HEADS = (
    ("Sekretariat ", "Sekretaris "),
    ("Inspektorat ", "Inspektur "),
    ("Kecamatan ", "Camat "),
    ("Kelurahan ", "Lurah "),
    ("Pemerintah Desa ", "Kepala Desa "),
    ("RSUD ", "Direktur RSUD "),
    ("Rumah Sakit ", "Direktur Rumah Sakit "),
)
_LED_BY_A_CHIEF = ("Dinas", "Badan", "Balai", "Biro", "Kantor", "Bagian", "Desa", "UPT", "UPTD", "Satuan")


def addressee(agency: str) -> str:
    """Whom a letter to an agency is addressed to: `Kepala Dinas …`, `Camat …`, else `Pimpinan …`."""
    for name, head in _HEADS:
        if agency.startswith(name):
            return head + agency.removeprefix(name)
    return f"{'Kepala' if agency.split(' ', 1)[0] in _LED_BY_A_CHIEF else 'Pimpinan'} {agency}"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends letters, as set; blank parts are left as lines to fill in by hand."""

    head: tuple[str, ...]
    place: str
    position: str
    copies: tuple[str, ...]
    portal: str
    workdays: int


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that needs action, in words; `since` may lie ahead."""

    sentence: str
    since: date
    to_do: str
    is_warning: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One project of the attachment. `unpaid` is None where it is not known."""

    number: int
    name: str
    package_code: str
    contract_number: str
    contractor: str
    place: str
    state: str
    data_date: date | None
    unpaid: Decimal | None
    is_estimate: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the attachment and the projects below it."""

    letter: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """All that a letter says. The signatory's name and NIP are not in it: they are personal data."""

    sender: Sender
    agency: str
    addressee: str
    town: str
    on: date
    printed_on: date
    data_from: date | None
    data_to: date | None
    projects: int
    counts: tuple[tuple[str, int], ...]
    sums: Sums
    bases: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def listed(self) -> int:
        """How many projects the attachment holds; fewer than `projects` where there are too many."""
        return sum(len(section.rows) for section in self.sections)

    def as_json(self) -> dict[str, Any]:
        """As JSON keeps it: dates and rupiah are texts."""
        kept: dict[str, Any] = _plain(asdict(self))
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Content:
        sums = kept["sums"]
        return cls(
            **{
                **kept,
                "sender": Sender(
                    **{
                        **kept["sender"],
                        "head": tuple(kept["sender"]["head"]),
                        "copies": tuple(kept["sender"]["copies"]),
                    }
                ),
                **{name: _day(kept[name]) for name in ("on", "printed_on", "data_from", "data_to")},
                "counts": tuple((title, count) for title, count in kept["counts"]),
                "sums": Sums(
                    Decimal(sums["arrears"]),
                    Decimal(sums["assessed"]),
                    Decimal(sums["estimated"]),
                    sums["unknown"],
                ),
                "bases": tuple(kept["bases"]),
                "sections": tuple(
                    Section(part["letter"], part["title"], tuple(map(_row, part["rows"])))
                    for part in kept["sections"]
                ),
            }
        )


def content(
    todo: WorkList, *, sender: Sender, town: str, printed_on: date, write: Write, at_most: int = MAX_PROJECTS
) -> Content:
    """The letter of a work list; its attachment holds the first `at_most` projects.

    Raises:
        ValueError: nothing needs action, so there is no letter.
    """
    if not todo.items:
        raise ValueError("nothing needs action")
    kept = WorkList(todo.agency, todo.on, todo.items[:at_most])
    days = kept.data_dates
    return Content(
        sender=sender,
        agency=todo.agency,
        addressee=addressee(todo.agency),
        town=town,
        on=todo.on,
        printed_on=printed_on,
        data_from=days[0] if days else None,
        data_to=days[1] if days else None,
        projects=len(todo.items),
        counts=todo.counts,
        sums=todo.sums,
        bases=LEGAL_BASES,
        sections=tuple(
            Section(
                chr(ord("A") + place),
                group.title,
                tuple(_written(number, item, write) for number, item in group.items),
            )
            for place, group in enumerate(kept.groups)
        ),
    )


def _written(number: int, item: Item, write: Write) -> Row:
    account = item.position.account
    return Row(
        number,
        item.name,
        item.package_code,
        item.contract_number,
        item.contractor,
        item.place,
        write(item.position.label, {}),
        item.data_date,
        account.outstanding,
        account.is_estimate,
        tuple(
            Point(
                write(finding.template, finding.params),
                finding.since,
                write(finding.to_do, {}),
                finding.is_warning,
            )
            for finding in item.findings
        ),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _row(kept: Mapping[str, Any]) -> Row:
    return Row(
        **{
            **kept,
            "data_date": _day(kept["data_date"]),
            "unpaid": None if kept["unpaid"] is None else Decimal(kept["unpaid"]),
            "points": tuple(
                Point(**{**point, "since": date.fromisoformat(point["since"])}) for point in kept["points"]
            ),
        }
    )
