"""`python -m benchmarks`: all of them, one after the other."""

import sys

from benchmarks.cli import main
from benchmarks.counting import suite as counting
from benchmarks.dashboard import suite as dashboard
from benchmarks.import_enrollment import suite as import_enrollment
from benchmarks.project_pages import suite as project_pages

sys.exit(main([import_enrollment, counting, project_pages, dashboard]))
