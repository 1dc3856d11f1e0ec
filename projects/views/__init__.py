"""The pages about projects and the people who work in them."""

from .calendar import lapse_calendar
from .listing import project_list, project_list_file
from .project import project
from .simulation import simulation
from .workers import lookup

__all__ = ["lapse_calendar", "lookup", "project", "project_list", "project_list_file", "simulation"]
