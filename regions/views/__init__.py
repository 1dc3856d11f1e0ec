"""The pages of coverage."""

from .access import aggregate_page
from .files import page_file, panel_file
from .method import method
from .overview import area, province
from .simulation import simulation

__all__ = ["aggregate_page", "area", "method", "page_file", "panel_file", "province", "simulation"]
