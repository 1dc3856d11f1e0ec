"""Every arm of the benchmarks runs, does the whole of its work, and leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from benchmarks import arms
from benchmarks.cli import main
from benchmarks.counting import suite as counting
from benchmarks.dashboard import suite as dashboard
from benchmarks.import_enrollment import sheets, suite
from benchmarks.import_enrollment.stages import STAGES
from benchmarks.project_pages import suite as project_pages
from benchmarks.sandbox import Sandboxes, workshop

ARM = "benchmarks.import_enrollment.arm"


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Sandboxes]:
    with workshop() as made:
        yield made
    assert not made.folder.exists()


@pytest.fixture(scope="module")
def empty(sandboxes: Sandboxes) -> Path:
    return sandboxes.prepare("empty")


@pytest.fixture(scope="module", params=sheets.FORMATS)
def sheet(sandboxes: Sandboxes, request: pytest.FixtureRequest) -> Path:
    path = sandboxes.folder / f"peserta.{request.param}"
    sheets.write(path, 200)
    return path


def servers_below(folder: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] == "postgres" and str(folder) in " ".join(process.info["cmdline"] or ())
    ]


@pytest.mark.parametrize("arm", ["stock", "tuned", "floor", "own tables"])
def test_arm_without_the_portal_loads_every_row(
    arm: str, sandboxes: Sandboxes, empty: Path, sheet: Path
) -> None:
    (step,) = arms.run(ARM, [arm, str(sheet)], sandboxes=sandboxes, source=empty, limit=60)

    assert (step.name, step.facts) == ("first", {"rows": 200})
    assert step.seconds > 0
    assert step.worker_mb > 20


def test_portal_imports_again_and_undoes(sandboxes: Sandboxes, empty: Path, sheet: Path) -> None:
    steps = arms.run(
        ARM, ["portal", str(sheet), suite.DATA_DATE], sandboxes=sandboxes, source=empty, limit=60
    )

    names = [step.name for step in steps]
    assert names == [
        "preview",
        "confirm",
        "preview, again",
        "confirm, again",
        "preview, saved anew",
        "confirm, saved anew",
        "undo",
    ]
    assert {step.facts["rows"] for step in steps[:-1]} == {200}


def test_portal_by_stage_has_time_in_every_stage(sandboxes: Sandboxes, empty: Path, sheet: Path) -> None:
    steps = arms.run(
        ARM, [suite.BY_STAGE, str(sheet), suite.DATA_DATE], sandboxes=sandboxes, source=empty, limit=60
    )

    stages = [step.facts["stages"] for step in steps]
    assert {stage for by_stage in stages for stage in by_stage} == set(STAGES)
    for step, by_stage in zip(steps, stages, strict=True):
        assert sum(by_stage.values()) == pytest.approx(step.seconds, rel=0.1)


def test_arm_out_of_time_is_killed_with_its_server(sandboxes: Sandboxes, empty: Path, sheet: Path) -> None:
    with pytest.raises(arms.ArmFailed, match=r"^ended after 0\.4 s$"):
        arms.run(ARM, ["stock", str(sheet)], sandboxes=sandboxes, source=empty, limit=0.4)

    assert servers_below(sandboxes.folder) == []
    assert list(sandboxes.folder.glob("run-*")) == []


def test_arm_that_fails_says_why(sandboxes: Sandboxes, empty: Path, tmp_path: Path) -> None:
    with pytest.raises(arms.ArmFailed, match="FileNotFoundError"):
        arms.run(ARM, ["floor", str(tmp_path / "none.csv")], sandboxes=sandboxes, source=empty, limit=60)


def test_counting_agrees_with_a_recount(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([counting], ["--runs", "1", "--stored", "400", "--changed", "100", "--json"])

    printed = capsys.readouterr()
    assert code == 0, printed.err
    found = json.loads(printed.out)
    (figures,) = found["counting"]["figures"]
    assert (figures["stored"], figures["changed"]) == (400, 100)
    assert all(figures[part]["seconds"] > 0 for part in ("merge", "difference", "recount"))
    assert found["machine"]["cores"].isdigit()


def test_pages_of_projects_answer_with_the_same_queries(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([project_pages], ["--runs", "1", "--projects", "12,40", "--requests", "2", "--json"])

    printed = capsys.readouterr()
    assert code == 0, printed.err
    figures = json.loads(printed.out)["project_pages"]["figures"]
    assert {figure["page"] for figure in figures} >= {"hello", "list", "list, searched", "calendar"}
    assert all(figure.get("p95", figure.get("seconds")) > 0 for figure in figures)


def test_pages_of_coverage_are_measured_against_their_bars(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--asked", "2", "--cold", "1", "--months", "2", "--enrolled", "20", "--json"]

    code = main([dashboard], ["--runs", "1", *options])

    printed = capsys.readouterr()
    assert code == 0, printed.err
    found = json.loads(printed.out)["dashboard"]
    assert set(found["portals"]) == {"home", "country", "crowd", "20 enrolled"}
    # Times of two requests say nothing; what does not depend on the machine holds here too.
    bars = {line["what"]: (line["measured"], line["holds"]) for line in found["bars"]}
    assert bars["home: queries, warm"] == bars["regency: queries, 304"] == ("3", "yes")
    assert bars["home: queries, cold"][1] == bars["regency: queries, cold"][1] == "yes"
    assert bars["home: before scrolling"][1] == bars["regency: before scrolling"][1] == "yes"
