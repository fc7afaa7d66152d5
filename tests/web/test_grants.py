import json
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import OKPKey

from amphitheatre.contract.grant import ANY_ROOM, Role
from amphitheatre.web.grants import KeyFileError, Keys, control_grant, load_or_create_keys, new_grant, sign


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _claims(token: str, keys: Keys) -> dict[str, object]:
    public = OKPKey.import_key(json.loads(keys.public.read_text()))
    return jwt.decode(token, public, algorithms=["EdDSA"]).claims


def test_keys_are_made_once_and_secrets_are_ours_alone(tmp_path: Path) -> None:
    keys = load_or_create_keys(tmp_path)
    before = [path.read_text() for path in (keys.private, keys.public, keys.event_token)]
    assert load_or_create_keys(tmp_path) == keys
    assert [path.read_text() for path in (keys.private, keys.public, keys.event_token)] == before
    assert _mode(keys.private) == _mode(keys.event_token) == 0o600
    assert "d" in json.loads(before[0])
    assert "d" not in json.loads(before[1])
    assert len(before[2]) >= 43
    assert len(list(keys.private.parent.iterdir())) == 3, "no drafts are left behind"


def test_many_processes_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: load_or_create_keys(tmp_path), range(8)))
    keys = Keys.at(tmp_path)
    assert _claims(sign(new_grant("a", Role.VIEWER, 60), keys.private), keys)["room"] == "a"


def test_a_lost_public_key_is_written_again(tmp_path: Path) -> None:
    keys = load_or_create_keys(tmp_path)
    public = keys.public.read_text()
    keys.public.write_text("{}")
    load_or_create_keys(tmp_path)
    assert keys.public.read_text() == public


def test_a_signed_grant_carries_its_claims_and_verifies_with_the_public_key(tmp_path: Path) -> None:
    keys = load_or_create_keys(tmp_path)
    grant = new_grant("operation", Role.INTERPRETER, 90, sub="u1", language="fr", now=1000.9)
    claims = _claims(sign(grant, keys.private), keys)
    assert claims == {
        "iss": "amphitheatre",
        "sub": "u1",
        "room": "operation",
        "role": "interpreter",
        "iat": 1000,
        "exp": 1090,
        "jti": grant.jti,
        "language": "fr",
    }


def test_a_grant_without_a_language_has_no_such_claim(tmp_path: Path) -> None:
    keys = load_or_create_keys(tmp_path)
    assert "language" not in _claims(sign(control_grant(), keys.private), keys)
    assert control_grant().room == ANY_ROOM


def test_another_house_cannot_sign_for_ours(tmp_path: Path) -> None:
    ours, theirs = load_or_create_keys(tmp_path / "ours"), load_or_create_keys(tmp_path / "theirs")
    token = sign(new_grant("operation", Role.VIEWER, 60), theirs.private)
    with pytest.raises(BadSignatureError):
        _claims(token, ours)


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"kty": "oct", "k": "AAAA"}'])
def test_an_unreadable_key_says_what_to_do(tmp_path: Path, text: str) -> None:
    keys = load_or_create_keys(tmp_path)
    keys.private.write_text(text)
    with pytest.raises(KeyFileError, match="restore"):
        sign(control_grant(), keys.private)


def test_a_public_key_cannot_sign(tmp_path: Path) -> None:
    keys = load_or_create_keys(tmp_path)
    with pytest.raises(KeyFileError, match="public key only"):
        sign(control_grant(), keys.public)


def test_a_missing_key_names_its_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="AMPHITHEATRE_DATA"):
        sign(control_grant(), Keys.at(tmp_path).private)


def test_signing_needs_no_django() -> None:
    probe = (
        "import sys, amphitheatre.web.grants; sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
