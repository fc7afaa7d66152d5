"""Asks media, with a control grant that the local key signs."""

from typing import Any, Final

import httpx
import msgspec

from amphitheatre.cli import configuration
from amphitheatre.cli.errors import CommandError
from amphitheatre.media.config import MediaConfig
from amphitheatre.web.grants import KeyFileError, Keys, control_grant, sign

TIMEOUT: Final = 5.0  # seconds


def rooms(config: MediaConfig) -> list[dict[str, Any]]:
    """All rooms that media knows, as in the interfaces of `amphitheatre rooms --json`.

    Raises CommandError when media can't be reached or refuses.
    """
    address = configuration.media_address(config)
    try:
        token = sign(control_grant(), Keys.at(config.data).private)
    except KeyFileError as e:
        raise CommandError(str(e)) from e
    try:
        answer = httpx.get(
            f"{address}/control/rooms",
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            trust_env=False,  # our own machine: a proxy is none of its business
        )
        answer.raise_for_status()
        return msgspec.json.decode(answer.content, type=list[dict[str, Any]])
    except httpx.HTTPStatusError as e:
        code = e.response.status_code
        raise CommandError(
            f"media at {address} answered {code}: do web and media share the data folder?"
        ) from e
    except (httpx.HTTPError, msgspec.MsgspecError) as e:
        raise CommandError(f"media can't be reached at {address}: is `amphitheatre up` running?") from e
