"""The kinds of sheets about persons, projects and payments."""

from coverage_portal.intake import kinds

from .enrollment import EnrollmentKind
from .payment import PaymentKind
from .project import ProjectKind

for _kind in (EnrollmentKind(), ProjectKind(), PaymentKind()):
    kinds.register(_kind)
