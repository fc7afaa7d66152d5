"""Leave to send more: for one address, unforged, and not for ever; and what is said to those without."""

import time

import pytest
from django.core import signing

from amphitheatre.web.ui.body_pass import most_of, passing
from amphitheatre.web.ui.views import too_large

PATH = "/courses/course/sessions/1/materials/"


def scope(address: str, path: str = PATH) -> dict[str, object]:
    return {"type": "http", "method": "POST", "path": path, "query_string": address.partition("?")[2].encode(),
            "headers": [(b"accept-language", b"fr"), (b"host", b"nobody.example")]}  # fmt: skip


def test_it_holds_for_its_address_alone() -> None:
    address = passing(PATH, 5000)
    assert most_of(scope(address)) == 5000
    assert most_of(scope(address, "/accounts/login/")) == 0


@pytest.mark.parametrize("said", ["", "?pass=", "?pass=x:y:z", "?other=1", "?pass=%ff%fe"])
def test_what_nobody_signed_allows_nothing(said: str) -> None:
    assert most_of(scope(said)) == 0
    assert most_of({"type": "http", "path": PATH}) == 0


def test_another_signature_of_ours_is_no_pass() -> None:
    assert most_of(scope("?pass=" + signing.dumps([PATH, 5000], salt="other"))) == 0


def test_it_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    address, now = passing(PATH, 5000), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 12 * 3600 + 1)
    assert most_of(scope(address)) == 0


def test_the_refusal_is_in_the_readers_language_whatever_host_was_asked_for() -> None:
    assert '<html lang="fr"' in too_large(scope("")).decode()
