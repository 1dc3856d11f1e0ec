"""The kinds of sheets about persons."""

from coverage_portal.intake import kinds

from .enrollment import EnrollmentKind

kinds.register(EnrollmentKind())
