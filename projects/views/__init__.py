"""The pages about projects and the people who work in them."""

from .listing import project_list, project_list_file
from .simulation import simulation
from .workers import lookup

__all__ = ["lookup", "project_list", "project_list_file", "simulation"]
