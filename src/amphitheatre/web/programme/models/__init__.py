"""The programme's records."""

from amphitheatre.web.programme.models.case import Case
from amphitheatre.web.programme.models.course import Course, Room
from amphitheatre.web.programme.models.material import Audience, Material
from amphitheatre.web.programme.models.session import Duty, Kind, Part, Session
from amphitheatre.web.programme.models.technique import Phase, Step, Technique

__all__ = [
    "Audience",
    "Case",
    "Course",
    "Duty",
    "Kind",
    "Material",
    "Part",
    "Phase",
    "Room",
    "Session",
    "Step",
    "Technique",
]
