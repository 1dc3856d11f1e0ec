"""What the import pages show, read in a fixed number of queries however large the file."""

from .batch import BatchPage, batch_page
from .history import HistoryLine, history
from .progress import Progress, progress

__all__ = ["BatchPage", "HistoryLine", "Progress", "batch_page", "history", "progress"]
