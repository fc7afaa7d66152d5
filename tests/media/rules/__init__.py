"""A rule checker for live media playlists and their bytes, independent of the product's code."""

from .findings import Findings
from .room_check import RoomCheck

__all__ = ["Findings", "RoomCheck"]
