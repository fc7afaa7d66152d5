"""Everything that media raises on purpose.

MediaError
├── ConfigurationError   the operator set something impossible
├── Refused              a publisher or viewer may not do this (kept vague on purpose)
├── SourceBroken         what a source sends can't be used (any more)
├── StoreFailed          the object store is away or refuses
└── RuleBroken           our own packaging would break RFC 8216bis
"""

_STORE_AWAY = "the object store does not answer: check AWS_ENDPOINT_URL and the network"
_CREDENTIALS = (
    "the object store refuses the credentials: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, rights"
)
_STORE_ADVICE = {
    "NoSuchBucket": "the object store has no such bucket: check AMPHITHEATRE_STORE_URL",
    "NoCredentials": "no credentials for the object store: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "NoFolder": "the folder of AMPHITHEATRE_STORE_URL is not there: make it, or mount its share",
    "NotDeleted": "the object store says that it deletes and does not: check the bucket's rights and locks",
    "NotStored": "the object store takes what it is given and does not keep it whole",
    "PermissionDenied": "may not read or write there: check the rights on what AMPHITHEATRE_STORE_URL names",
    "AccessDenied": _CREDENTIALS,
    "ExpiredToken": _CREDENTIALS,
    "InvalidAccessKeyId": _CREDENTIALS,
    "InvalidToken": _CREDENTIALS,
    "SignatureDoesNotMatch": _CREDENTIALS,
    "Unauthenticated": _CREDENTIALS,
}


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


class StoreFailed(MediaError):
    """The object store did not do what it was asked; `code` is S3's or short, and holds no secret."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{_STORE_ADVICE.get(code, _STORE_AWAY)} ({code})")
        self.code = code


class RuleBroken(MediaError):
    """A playlist or part that would break the standard: a defect of ours, never sent."""
