"""The pages about projects and the people who work in them."""

from .simulation import simulation
from .workers import lookup

__all__ = ["lookup", "simulation"]
