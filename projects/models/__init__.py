"""What is stored of construction projects and of the workers enrolled."""

from projects.staging import CountingClaim, EnrollmentImage, RemovedEnrollment, StagedEnrollment, WorkerImage

from .contracts import Addendum, Contractor, Project, ProjectRegency
from .groups import GroupCount, GroupsCounted
from .handling import ErasureSalt, Handled, Handling
from .holidays import Holiday
from .letters import Letter
from .matches import RejectedMatch
from .payments import Assessment, Instalment, Payment
from .standings import Standing, Touched
from .workers import CompleteList, CountingHorizon, DayAfter, Enrollment, Lookup, Worker

__all__ = [
    "Addendum",
    "Assessment",
    "CompleteList",
    "Contractor",
    "CountingClaim",
    "CountingHorizon",
    "DayAfter",
    "Enrollment",
    "EnrollmentImage",
    "ErasureSalt",
    "GroupCount",
    "GroupsCounted",
    "Handled",
    "Handling",
    "Holiday",
    "Instalment",
    "Letter",
    "Lookup",
    "Payment",
    "Project",
    "ProjectRegency",
    "RejectedMatch",
    "RemovedEnrollment",
    "StagedEnrollment",
    "Standing",
    "Touched",
    "Worker",
    "WorkerImage",
]
