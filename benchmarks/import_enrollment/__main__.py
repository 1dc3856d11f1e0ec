"""`python -m benchmarks.import_enrollment`; `--help` lists what can be chosen."""

import sys

from benchmarks.cli import main
from benchmarks.import_enrollment import suite

sys.exit(main([suite]))
