"""The pages of coverage."""

from .access import aggregate_page
from .method import method
from .overview import area, province

__all__ = ["aggregate_page", "area", "method", "province"]
