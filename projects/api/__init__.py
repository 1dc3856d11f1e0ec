"""The open interface of construction: what a contract costs, and what an area's projects add up to."""

from .routes import router

__all__ = ["router"]
