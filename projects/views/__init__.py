"""The pages about projects and the people who work in them."""

from .calendar import lapse_calendar
from .listing import project_list, project_list_file
from .matching import join, match, reconsider_match, reject_match, work_list
from .simulation import simulation
from .workers import lookup

__all__ = [
    "join",
    "lapse_calendar",
    "lookup",
    "match",
    "project_list",
    "project_list_file",
    "reconsider_match",
    "reject_match",
    "simulation",
    "work_list",
]
