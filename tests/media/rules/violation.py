"""What a rule found wrong."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One broken rule.

    rule: stable name, such as ``part-too-long``. source: section of draft-pantos-hls-rfc8216bis-16 unless
    another document is named. where: path of the playlist or file.
    """

    rule: str
    source: str
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.source}) {self.where}: {self.detail}"
