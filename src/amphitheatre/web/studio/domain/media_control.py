"""Web's way to media's own door: each call carries a right that web signs anew.

MediaError
├── MediaAway      no answer, or none that is understood
├── NotThere       media knows no such room or recording
├── StillOnAir     a recording that has not ended can be neither exported nor deleted
└── MediaFailed    media tried and could not, for instance because its disk refused
"""

from http import HTTPStatus
from typing import Final

import httpx
import structlog
from django.conf import settings

from amphitheatre.web.grants import Keys, control_grant, sign

log = structlog.get_logger(__name__)
TIMEOUT: Final = 5.0  # seconds


class MediaError(Exception):
    """Media did not do what it was asked."""


class MediaAway(MediaError):
    """Whether it was done is not known."""


class NotThere(MediaError):
    """What was asked for does not exist."""


class StillOnAir(MediaError):
    """The recording has not ended yet."""


class MediaFailed(MediaError):
    """Media's log says why."""


_MEANING: Final = {HTTPStatus.NOT_FOUND: NotThere, HTTPStatus.CONFLICT: StillOnAir}


def ask(method: str, path: str, *, timeout: float = TIMEOUT, host: str | None = None) -> bytes:
    """The body of media's answer. timeout: seconds; host: what media shall write into addresses.

    Raises MediaError.
    """
    config = settings.AMPHITHEATRE
    headers = {"Authorization": f"Bearer {sign(control_grant(), Keys.at(config.data).private)}"}
    if host is not None:
        headers["Host"] = host
    try:
        with httpx.Client(base_url=config.media_control_url, trust_env=False, timeout=timeout) as client:
            answer = client.request(method, path, headers=headers)
    except httpx.HTTPError as e:
        log.warning("media does not answer", method=method, path=path, reason=type(e).__name__)
        raise MediaAway(type(e).__name__) from e
    if answer.is_success:
        return answer.content
    log.warning("media refused", method=method, path=path, status=answer.status_code)
    raise _MEANING.get(HTTPStatus(answer.status_code), MediaFailed)(f"{method} {path}: {answer.status_code}")
