"""The kinds of sheets that hold figures by area."""

from coverage_portal.intake import kinds

from .membership import MembershipKind
from .quoted import QuotedFigureKind
from .target import TargetKind
from .workforce import WorkforceKind

for _kind in (MembershipKind(), WorkforceKind(), TargetKind(), QuotedFigureKind()):
    kinds.register(_kind)
