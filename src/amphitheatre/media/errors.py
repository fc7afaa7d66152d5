"""Everything that media raises on purpose.

MediaError
├── ConfigurationError   the operator set something impossible
├── Refused              a publisher or viewer may not do this (kept vague on purpose)
├── SourceBroken         what a source sends can't be used (any more)
└── RuleBroken           our own packaging would break RFC 8216bis
"""


class MediaError(Exception):
    """Root of the tree."""


class ConfigurationError(MediaError):
    """An operator's setting is impossible; the text says which and what to do."""


class Refused(MediaError):
    """A publisher or viewer is turned away. `code` is stable, for logs and metrics."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SourceBroken(MediaError):
    """A source's bytes are of no use; `code` is stable, for the technician's page."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


class RuleBroken(MediaError):
    """A playlist or part that would break the standard: a defect of ours, never sent."""
