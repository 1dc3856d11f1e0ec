"""The course of a project as a picture, without a database: its dates, and where they are drawn."""

from .course import NAMES, TITLES, Course, Event, Kind, Lane, Look, Span, course
from .drawing import NARROW, WIDE, Bar, Drawing, Flag, Row, Shape, Tick, draw

__all__ = [
    "NAMES",
    "NARROW",
    "TITLES",
    "WIDE",
    "Bar",
    "Course",
    "Drawing",
    "Event",
    "Flag",
    "Kind",
    "Lane",
    "Look",
    "Row",
    "Shape",
    "Span",
    "Tick",
    "course",
    "draw",
]
