"""`python -m benchmarks.project_pages`; `--help` lists what can be chosen."""

import sys

from benchmarks.cli import main
from benchmarks.project_pages import suite

sys.exit(main([suite]))
