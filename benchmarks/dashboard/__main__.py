"""`python -m benchmarks.dashboard`; `--help` lists what can be chosen."""

import sys

from benchmarks.cli import main
from benchmarks.dashboard import suite

sys.exit(main([suite]))
