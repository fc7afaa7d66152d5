"""The object store in which recordings are archived: S3 and what speaks like it, or a folder (a network share).

Credentials, region and endpoint come from the standard environment (AWS_*). What a store answers may repeat a key
or a signed address, so it is translated to a short code before anybody can log it.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from amphitheatre.media.config import http_allowed
from amphitheatre.media.errors import StoreFailed

if TYPE_CHECKING:
    from obstore.store import ClientConfig, LocalStore, RetryConfig, S3Store

_RETRY: Final["RetryConfig"] = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
_CONNECT: Final = timedelta(seconds=5)
_ANSWER: Final = timedelta(seconds=30)
_CODE: Final = re.compile(r"<Code>([A-Za-z]{1,64})</Code>")
_CLOUD_CREDENTIALS: Final = "169.254."  # asked when the environment holds none
_PROBE: Final = "amphitheatre.probe"
_AT_ONCE: Final = 1000  # keys that one request deletes


class ObjectStore:
    """Keys are paths below the store's address, without a leading slash. Everything raises StoreFailed;
    reading what is not there raises FileNotFoundError.
    """

    def __init__(self, url: str) -> None:
        import obstore  # only where there is a store: it takes 0.2 s to load

        self._api = obstore
        self.url = url

    @property
    def _store(self) -> "S3Store | LocalStore":
        parts = urlsplit(self.url)
        return _folder(parts.path) if parts.scheme == "file" else self._bucket

    @cached_property
    def _bucket(self) -> "S3Store":
        return _bucket(self.url)

    async def put(self, key: str, data: bytes) -> None:
        """Store an object whole, in one request; what was there under that key is replaced."""
        with _translated():
            try:
                await self._api.put_async(self._store, key, data, use_multipart=False)
            except FileNotFoundError as error:  # S3 without that bucket
                raise StoreFailed(_code(error)) from None

    async def read(self, key: str) -> bytes:
        with _translated():
            found = await self._api.get_async(self._store, key)
            return bytes(await found.bytes_async())

    def read_now(self, key: str) -> bytes:
        """As `read`, where there is no event loop."""
        with _translated():
            return bytes(self._api.get(self._store, key).bytes())

    async def sizes(self, prefix: str) -> dict[str, int]:
        """Every object below prefix: bytes by key, counted from the prefix."""
        with _translated():
            return {
                found["path"][len(prefix) + 1 :]: found["size"]
                async for chunk in self._api.list(self._store, prefix, chunk_size=_AT_ONCE)
                for found in chunk
            }

    async def folders(self, prefix: str) -> list[str]:
        """The names right below prefix (the empty one is the store's top) that have something below them."""
        with _translated():
            found = await self._api.list_with_delimiter_async(self._store, prefix or None)
        return [path.rpartition("/")[2] for path in found["common_prefixes"]]

    async def clear(self, prefix: str) -> None:
        """Delete everything below prefix; done when a listing finds nothing any more."""
        before: set[str] = set()
        with _translated():
            while found := await anext(self._api.list(self._store, prefix, chunk_size=_AT_ONCE), None):
                keys = {each["path"] for each in found}
                if keys & before:
                    raise StoreFailed("NotDeleted")
                await self._api.delete_async(self._store, sorted(keys))
                before = keys

    async def probe(self) -> None:
        """Write, read, list and delete a small object, as the archive will."""
        await self.put(f"{_PROBE}/1", b"?")
        await self.read(f"{_PROBE}/1")
        await self.clear(_PROBE)


@lru_cache(maxsize=8)
def opened(url: str) -> ObjectStore:
    """The store at that address; its connections are shared by all who ask."""
    return ObjectStore(url)


def _folder(path: str) -> "LocalStore":
    from obstore.store import LocalStore

    if not Path(path).is_dir():
        raise StoreFailed("NoFolder")  # never made here: it may be a share that is not mounted
    return LocalStore(path, automatic_cleanup=True)


def _bucket(url: str) -> "S3Store":
    from obstore.store import S3Store

    parts = urlsplit(url)
    client: ClientConfig = {
        "allow_http": http_allowed(os.environ),
        "connect_timeout": _CONNECT,
        "timeout": _ANSWER,
    }
    prefix = parts.path.strip("/") or None
    return S3Store(parts.netloc, prefix=prefix, client_options=client, retry_config=_RETRY)


@contextmanager
def _translated() -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError("the object store has no such object") from None
    except (BaseError, OSError) as error:  # some of obstore's own are OSErrors too
        raise StoreFailed(_code(error)) from None


def _code(error: Exception) -> str:
    """S3's own code if it sent one; never its text."""
    text = str(error)
    if said := _CODE.search(text):
        return said[1]
    if _CLOUD_CREDENTIALS in text:
        return "NoCredentials"
    name = type(error).__name__.removesuffix("Error")
    return "NoAnswer" if name == "Generic" else name
