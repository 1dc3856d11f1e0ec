"""`python -m benchmarks.counting`; `--help` lists what can be chosen."""

import sys

from benchmarks.cli import main
from benchmarks.counting import suite

sys.exit(main([suite]))
