"""What the doctor says of the object store."""

from pathlib import Path

import pytest

from amphitheatre.cli import doctor
from amphitheatre.cli.finding import Finding, Verdict
from amphitheatre.media.config import MediaConfig
from tests.media.store.s3 import S3


def store(url: str | None) -> list[Finding]:
    return list(doctor.store(MediaConfig(store_url=url)))


def test_a_store_that_works_is_said_to_and_nothing_is_left_there(s3: S3) -> None:
    (finding,) = store(s3.url)
    assert finding.verdict is Verdict.OK
    assert s3.url in finding.text
    assert s3.objects() == {}


def test_a_folder_is_a_store_too(tmp_path: Path) -> None:
    (finding,) = store(f"file://{tmp_path}")
    assert finding.verdict is Verdict.OK


def test_wrong_credentials_are_one_clear_line(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret")
    (finding,) = store(s3.url)
    assert finding.verdict is Verdict.WRONG
    assert "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY" in finding.text
    assert "not-the-secret" not in finding.text
    assert "\n" not in finding.text


def test_a_share_that_is_not_mounted_is_found(tmp_path: Path) -> None:
    (finding,) = store(f"file://{tmp_path}/share")
    assert finding.verdict is Verdict.WRONG
    assert "mount" in finding.text


def test_without_one_there_is_nothing_to_mend() -> None:
    (finding,) = store(None)
    assert finding.verdict is Verdict.OK
