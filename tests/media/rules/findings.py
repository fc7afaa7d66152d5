"""What a check has found, without drowning in repeats."""

from collections import Counter
from collections.abc import Iterable

from .violation import Violation

_KEPT = 5  # of one rule at one place


class Findings:
    """Counts every violation, keeps the first few of each rule and place."""

    def __init__(self) -> None:
        self.kept: list[Violation] = []
        self.counts: Counter[str] = Counter()
        self.checked: Counter[str] = Counter()  # how much was looked at: playlists, parts, segments …
        self._at: Counter[tuple[str, str]] = Counter()

    def add(self, violations: Iterable[Violation]) -> None:
        for violation in violations:
            self.counts[violation.rule] += 1
            key = (violation.rule, violation.where)
            self._at[key] += 1
            if self._at[key] <= _KEPT:
                self.kept.append(violation)

    def report(self) -> str:
        """For a failing test: figures first, then the kept violations, a line each."""
        rows = [f"checked {dict(self.checked)}", f"violations {dict(self.counts)}"]
        return "\n".join([*rows, *map(str, self.kept)])
