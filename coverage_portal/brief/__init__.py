"""The Governor's brief (*Ringkasan Eksekutif*): an area's coverage and its projects on one sheet.

`composing` collects every figure that stands in it, `sheet` draws it as HTML and as PDF, `views` serves both.
"""

from .composing import Brief, FollowUp, Holding, Line, Place, Promise, compose

__all__ = ["Brief", "FollowUp", "Holding", "Line", "Place", "Promise", "compose"]
