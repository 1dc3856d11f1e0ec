"""The pages of coverage, and of what was promised to raise it."""

from .access import aggregate_page
from .archive import archive, archive_file, release
from .closing import (
    completeness,
    end_exception,
    grant_exception,
    period,
    period_month,
    period_step,
    publish_revision,
)
from .commitments import (
    add_commitment,
    change_commitment,
    close_commitment,
    commitment,
    commitment_list,
    commitment_list_file,
    commitments,
    reopen_commitment,
)
from .files import page_file, panel_file
from .method import method
from .open_data import open_data
from .overview import area, province, trend_figure
from .reconciliation import reconciliation_area, reconciliation_file, reconciliation_home
from .simulation import simulation

__all__ = [
    "add_commitment",
    "aggregate_page",
    "archive",
    "archive_file",
    "area",
    "change_commitment",
    "close_commitment",
    "commitment",
    "commitment_list",
    "commitment_list_file",
    "commitments",
    "completeness",
    "end_exception",
    "grant_exception",
    "method",
    "open_data",
    "page_file",
    "panel_file",
    "period",
    "period_month",
    "period_step",
    "province",
    "publish_revision",
    "reconciliation_area",
    "reconciliation_file",
    "reconciliation_home",
    "release",
    "reopen_commitment",
    "simulation",
    "trend_figure",
]
