"""The pages about projects and the people who work in them."""

from .calendar import lapse_calendar
from .data_subjects import data_subject
from .groups import group_list, group_list_file
from .letters import agencies, letter, letter_file, print_letter, work_list
from .listing import project_list, project_list_file
from .matching import join, match, match_list, reconsider_match, reject_match
from .project import project
from .simulation import simulation
from .workers import lookup

__all__ = [
    "agencies",
    "data_subject",
    "group_list",
    "group_list_file",
    "join",
    "lapse_calendar",
    "letter",
    "letter_file",
    "lookup",
    "match",
    "match_list",
    "print_letter",
    "project",
    "project_list",
    "project_list_file",
    "reconsider_match",
    "reject_match",
    "simulation",
    "work_list",
]
