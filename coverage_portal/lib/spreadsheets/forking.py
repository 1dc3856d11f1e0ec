"""The pre-flight beside the library: two processes, and nothing is said before both agree.

The process that was started surveys the file and a fork of it parses; each takes seconds for a large one.
The fork is under the same limits. It sends nothing until it has the survey; a refusal ends it unheard, and
where it is ended by a limit or aborts, the first process ends in the same way, for its reader to see.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from coverage_portal.lib.spreadsheets.refusal import Unreadable
from coverage_portal.lib.spreadsheets.workbook import Survey

_PR_SET_PDEATHSIG = 1
_REFUSED = 3


def survey_beside(survey: Callable[[], Survey], parse: Callable[[Callable[[], Survey]], None]) -> None:
    """Run `survey` here and `parse` in a fork, to which the survey is handed when it asks for it.

    Raises:
        Unreadable: either refuses the file.
    """
    survey_out, survey_in = os.pipe()
    refusal_out, refusal_in = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.close(survey_in)
        os.close(refusal_out)
        _parse_and_exit(parse, survey_out, refusal_in)
    os.close(survey_out)
    os.close(refusal_in)
    try:
        found = pickle.dumps(survey())
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    with suppress(BrokenPipeError), os.fdopen(survey_in, "wb") as pipe:
        pipe.write(found)
    # Rows flow now, and wait for their reader: no alarm may end them.
    signal.setitimer(signal.ITIMER_REAL, 0)
    with os.fdopen(refusal_out, "rb") as pipe:
        said = pipe.read()
    _end_like(os.waitpid(pid, 0)[1], said)


def _parse_and_exit(
    parse: Callable[[Callable[[], Survey]], None], survey_out: int, refusal_in: int
) -> NoReturn:
    _end_with_parent()

    def surveyed() -> Survey:
        with os.fdopen(survey_out, "rb") as pipe:
            said = pipe.read()
        if not said:
            os._exit(0)  # refused, or the survey's process has gone: nobody is to hear of this one
        found: Survey = pickle.loads(said)  # noqa: S301 - from our own process, through our own pipe
        return found

    code = 0
    try:
        parse(surveyed)
    except BrokenPipeError:
        pass
    except Unreadable as refusal:
        os.write(refusal_in, pickle.dumps((refusal.code, refusal.params)))
        code = _REFUSED
    except MemoryError:
        os.write(refusal_in, pickle.dumps(("memory", {})))
        code = _REFUSED
    except BaseException:
        os.write(refusal_in, pickle.dumps(("corrupt", {})))
        code = _REFUSED
    os._exit(code)


def _end_like(status: int, said: bytes) -> None:
    """Pass on how the parsing process ended."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    if os.WEXITSTATUS(status):
        code, params = pickle.loads(said) if said else ("corrupt", {})  # noqa: S301 - as above
        raise Unreadable(code, **params)


def _end_with_parent() -> None:
    """Where the system can, end with the surveying process, whatever ends that one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
