"""Runs the long forms, one after the other, and lets them print their figures: `make soak`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = (
    "tests/lib/test_spreadsheets_mutated.py::test_damaged_workbooks_are_refused_or_read_as_what_stands_in_them",
    "tests/intake/test_rows_add_up.py::test_read_refused_and_blank_rows_are_all_rows_of_the_file",
    "tests/survival/test_hostile_uploads.py::test_hostile_files_leave_web_and_worker_as_they_were",
    "tests/survival/test_kills.py::test_killed_at_thirty_moments_all_rows_are_there_or_none",
    "tests/survival/test_database_restart.py::test_database_stopped_during_an_import_leaves_all_rows_or_none",
    "tests/survival/test_restart_under_load.py",
    "tests/survival/test_backup.py::test_restored_portal_is_the_same_to_the_byte_and_goes_on",
    "tests/survival/test_old_backup.py",
    "tests/projects/test_at_once.py::test_twenty_overlapping_lists_confirmed_at_once_are_all_applied",
    "tests/projects/test_counting_stays_right.py::test_difference_counting_equals_a_recount",
    "tests/regions/test_closing_machine.py::test_published_figures_change_by_revisions_alone",
    "tests/survival/test_backup.py::test_backup_during_an_import_comes_back_elsewhere_as_one_moment",
    "tests/survival/test_replica.py::test_replica_cut_off_and_brought_back_changes_no_answer",
    "tests/portal/test_foreign_objects.py::test_another_areas_object_answers_like_none",
    "tests/portal/test_foreign_imports.py::test_files_with_another_areas_ids_change_and_tell_nothing_of_it",
    "tests/accounts/test_guessed_codes.py",
    "tests/accounts/test_password_again.py",
    "tests/accounts/test_sign_in.py",
    "tests/survival/test_deploy.py::test_commands_of_the_units_run_and_come_back_when_killed",
    "tests/portal/test_parameter_fuzz.py::test_nothing_in_an_address_breaks_a_page",
    "tests/browser/test_no_script_runs.py::test_no_page_runs_what_was_written",
)


def main() -> int:
    pytest = [sys.executable, "-m", "pytest", "-q", "-s", "-n", "0", "-p", "no:randomly"]
    command = [*pytest, *TESTS, *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "SOAK": "1"}).returncode


if __name__ == "__main__":
    sys.exit(main())
