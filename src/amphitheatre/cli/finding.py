"""What the doctor says of one thing: a verdict, and a line that says what to do."""

from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    OK = "ok"
    LOOK = "look"  # works, but deserves a look
    WRONG = "wrong"


class Finding(msgspec.Struct, frozen=True):
    verdict: Verdict
    text: str
