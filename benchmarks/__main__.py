"""`python -m benchmarks`: all of them, one after the other."""

import sys

from benchmarks.cli import main
from benchmarks.counting import suite as counting
from benchmarks.import_enrollment import suite as import_enrollment

sys.exit(main([import_enrollment, counting]))
