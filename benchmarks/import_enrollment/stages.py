"""Where the portal's time goes: the functions at the borders of its stages, wrapped by a clock.

A stage's time is its own: what it calls for another stage is that one's. The clock itself costs a little
for each block of rows, so it runs in an arm of its own and never in the one that is compared.
"""

from __future__ import annotations

import functools
import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

BORDERS = (
    ("store the upload, sealed", "coverage_portal.intake.storage", "store"),
    ("read (waiting for the child)", "coverage_portal.lib.spreadsheets.reading", "Reading.__init__"),
    ("read (waiting for the child)", "coverage_portal.lib.spreadsheets.reading", "Reading._blocks"),
    ("normalise and seal", "projects.imports.rows", "EnrollmentReader.read_all"),
    ("stage by COPY", "coverage_portal.intake.bulk", "Stager.stage"),
    ("check", "projects.resolving", "resolve"),
    ("check", "projects.comparing", "compare"),
    ("count", "projects.effects", "effects"),
    ("count", "projects.horizon", "count_affected"),
    ("count", "projects.horizon", "count_moved"),
    ("count", "projects.counting", "count_alike"),
    ("count", "projects.completeness", "count"),
    ("merge", "projects.merging", "merge"),
    ("commit, with foreign keys", "django.db.backends.base.base", "BaseDatabaseWrapper._commit"),
    ("forget what was staged", "coverage_portal.intake.bulk", "forget"),
)
REST = "the rest"
STAGES = tuple(dict.fromkeys([*(stage for stage, _module, _path in BORDERS), REST]))


class Clock:
    """Seconds by stage since the last `take`."""

    def __init__(self) -> None:
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._stages = [REST]
        self._since = time.perf_counter()

    def install(self) -> None:
        """Wrap the borders, for as long as the process lives.

        Raises:
            AttributeError: a border has another name now.
        """
        for stage, module, path in BORDERS:
            *holders, name = path.split(".")
            owner = functools.reduce(getattr, holders, importlib.import_module(module))
            wrap = self._generator if name == "_blocks" else self._function
            setattr(owner, name, wrap(stage, getattr(owner, name)))

    def take(self) -> dict[str, float]:
        self._turn()
        taken = {stage: self._spent[stage] for stage in STAGES if self._spent[stage]}
        self._spent.clear()
        return taken

    def _turn(self) -> None:
        """Charge the time since the last turn to the stage that is on."""
        now = time.perf_counter()
        self._spent[self._stages[-1]] += now - self._since
        self._since = now

    def _function(self, stage: str, wrapped: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(wrapped)
        def timed(*args: Any, **options: Any) -> Any:
            self._turn()
            self._stages.append(stage)
            try:
                return wrapped(*args, **options)
            finally:
                self._turn()
                self._stages.pop()

        return timed

    def _generator(self, stage: str, wrapped: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        def timed(*args: Any) -> Iterator[Any]:
            following = self._function(stage, wrapped(*args).__next__)
            while True:
                try:
                    item = following()
                except StopIteration:
                    return
                yield item

        return timed
