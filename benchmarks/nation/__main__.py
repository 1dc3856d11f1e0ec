"""`python -m benchmarks.nation`: hours, and 1.5 KB of temporary space an enrollment, twice."""

import sys

from benchmarks.cli import main
from benchmarks.nation import suite

sys.exit(main([suite]))
