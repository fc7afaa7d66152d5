import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from amphitheatre.media.errors import StoreFailed
from amphitheatre.media.store import object_store
from amphitheatre.media.store.object_store import ObjectStore
from tests.media.store.s3 import S3


@pytest.fixture(params=["s3", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "file":
        return ObjectStore(f"file://{tmp_path}")
    return ObjectStore(request.getfixturevalue("s3").url)


async def test_what_is_put_is_read_again_and_replaced_whole(store: ObjectStore) -> None:
    await store.put("room/takes/1/take.json", b"first")
    await store.put("room/takes/1/take.json", b"2nd")
    assert await store.read("room/takes/1/take.json") == b"2nd"
    assert store.read_now("room/takes/1/take.json") == b"2nd"


async def test_what_is_not_there_is_told_from_a_store_that_fails(store: ObjectStore) -> None:
    with pytest.raises(FileNotFoundError):
        await store.read("room/takes/1/take.json")
    with pytest.raises(FileNotFoundError):
        store.read_now("room/takes/1/take.json")
    assert await store.sizes("room") == {}
    assert await store.folders("room") == []


async def test_listings_name_what_is_below_and_its_size(store: ObjectStore) -> None:
    for key in ("a/takes/1/main/480p/7.m4s", "a/takes/1/take.json", "a/takes/10/take.json", "b/takes/2/x"):
        await store.put(key, b"x" * len(key))
    assert await store.sizes("a/takes/1") == {"main/480p/7.m4s": 25, "take.json": 19}
    assert sorted(await store.folders("")) == ["a", "b"]
    assert sorted(await store.folders("a/takes")) == ["1", "10"]


async def test_clearing_leaves_nothing_and_spares_the_neighbours(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_store, "_AT_ONCE", 3)
    for number in range(10):
        await store.put(f"a/takes/1/main/{number}.m4s", b"x")
    await store.put("a/takes/10/take.json", b"x")
    await store.clear("a/takes/1")
    await store.clear("a/takes/1")
    assert await store.sizes("a") == {"takes/10/take.json": 1}


async def test_a_store_that_says_it_deletes_and_does_not_is_found_out(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lie(*_: object) -> None:
        return

    await store.put("a/takes/1/take.json", b"x")
    monkeypatch.setattr(store._api, "delete_async", lie)
    with pytest.raises(StoreFailed, match="NotDeleted"):
        await store.clear("a/takes/1")


async def test_the_probe_leaves_nothing_behind(store: ObjectStore) -> None:
    await store.probe()
    assert await store.sizes("") == {}


async def test_a_folder_that_is_gone_is_a_share_that_is_not_mounted_and_is_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    store = ObjectStore(f"file://{folder}")
    await store.put("a", b"x")
    shutil.rmtree(folder)
    for attempt in (store.put("a", b"x"), store.sizes("a"), store.read("a")):
        with pytest.raises(StoreFailed, match="mount its share"):
            await attempt
    assert not await asyncio.to_thread(folder.exists)


def _wrong_secret(patch: pytest.MonkeyPatch, s3: S3) -> str:
    patch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret")
    return s3.url


def _unknown_key(patch: pytest.MonkeyPatch, s3: S3) -> str:
    patch.setenv("AWS_ACCESS_KEY_ID", "AKIANOBODY")
    return s3.url


def _no_bucket(patch: pytest.MonkeyPatch, s3: S3) -> str:
    return "s3://nothing-here/hospital"


def _away(patch: pytest.MonkeyPatch, s3: S3) -> str:
    s3.stop()
    return s3.url


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        (_wrong_secret, "AWS_SECRET_ACCESS_KEY, rights (SignatureDoesNotMatch)"),
        (_unknown_key, "AWS_SECRET_ACCESS_KEY, rights (InvalidAccessKeyId)"),
        (_no_bucket, "no such bucket: check AMPHITHEATRE_STORE_URL (NoSuchBucket)"),
        (_away, "does not answer: check AWS_ENDPOINT_URL and the network (NoAnswer)"),
    ],
)
async def test_every_failure_is_one_line_that_says_what_to_do_and_holds_no_secret(
    wrong: Callable[[pytest.MonkeyPatch, S3], str], advice: str, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ObjectStore(wrong(monkeypatch, s3))
    for attempt in (store.put("a", b"x"), store.sizes("a"), store.clear("a"), store.folders("")):
        with pytest.raises(StoreFailed) as caught:
            await attempt
        text = str(caught.value)
        assert text.endswith(advice)
        assert "\n" not in text
        assert not any(secret in text for secret in (*s3.environment.values(), "not-the-secret", "AKIA"))
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
