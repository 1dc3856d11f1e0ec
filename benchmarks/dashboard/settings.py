"""The portal's settings, with the pages that do nothing beside the portal's own."""

from coverage_portal.settings import *  # noqa: F403, TID251

ROOT_URLCONF = "benchmarks.dashboard.urls"
