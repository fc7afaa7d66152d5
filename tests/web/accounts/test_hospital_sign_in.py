"""Coming in by a hospital's own sign-in, by OpenID Connect and by SAML: its own people, who were invited before."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import oidc_provider_mock
import pytest
from django.core.cache import cache
from django.test import Client

from amphitheatre.web.accounts.models import User
from amphitheatre.web.config import ConfigurationError
from amphitheatre.web.settings.hospitals import Oidc, Saml, providers
from tests.web.accounts.saml_hospital import ENTITY, SamlHospital
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db
OIDC = "/accounts/hospital/oidc/point-g/login/"
SAML = "/accounts/hospital/saml/insel/login/"


@pytest.fixture
def doctor() -> User:
    return User.objects.create_user("aminata@point-g.example")


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def point_g(settings: Any) -> Iterator[str]:
    """The address of a running OpenID provider, whose hospital vouches for point-g.example."""
    with oidc_provider_mock.run_server_in_thread() as server:
        address = f"http://localhost:{server.server_port}"
        hospital = Oidc(
            id="point-g", name="Point G", domains=["point-g.example"], address=address, client="a", secret="s"
        )
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [hospital.app()]}}
        yield address


@pytest.fixture
def insel(settings: Any) -> SamlHospital:
    hospital = SamlHospital()
    entry = Saml(
        id="insel",
        name="Inselspital",
        domains=["insel.example"],
        address=f"{ENTITY}/sso",
        entity=ENTITY,
        certificate=hospital.certificate,
    )
    settings.SOCIALACCOUNT_PROVIDERS = {"saml": {"APPS": [entry.app()]}}
    return hospital


def come_by_oidc(address: str, email: str, claims: dict[str, Any] | None = None) -> Client:
    """Who came back from the provider, signed in there as that person."""
    claims = {"email": email, "email_verified": True} | (claims or {})
    httpx.put(f"{address}/users/{quote(email)}", json=claims).raise_for_status()
    client = Client(headers={"Host": "localhost"})
    there = client.get(OIDC)
    assert there["Location"].startswith(address)
    back = httpx.post(there["Location"], data={"sub": email})
    parts = urlsplit(back.headers["Location"])
    client.get(f"{parts.path}?{parts.query}")
    return client


def come_by_saml(hospital: SamlHospital, email: str, **how: Any) -> Client:
    client = Client(headers={"Host": "localhost"})
    answer = hospital.answer(client.get(SAML)["Location"], email, **how)
    client.post("/accounts/hospital/saml/insel/acs/", {"SAMLResponse": answer}, follow=True)
    return client


def who(client: Client) -> str | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).email if key else None


def test_the_sign_in_page_names_the_hospital(point_g: str) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "Point G" in page
    assert OIDC in page


def test_oidc_lets_an_invited_doctor_in(point_g: str, doctor: User) -> None:
    assert who(come_by_oidc(point_g, doctor.email)) == doctor.email
    assert who(come_by_oidc(point_g, doctor.email)) == doctor.email  # by the provider's own id from now on


def test_oidc_makes_no_account(point_g: str) -> None:
    assert who(come_by_oidc(point_g, "stranger@point-g.example")) is None
    assert not User.objects.exists()


def test_a_hospital_vouches_for_its_own_people_alone(
    point_g: str, insel: SamlHospital, settings: Any
) -> None:
    other = User.objects.create_user("director@amphitheatre.example", role="director")
    assert who(come_by_saml(insel, other.email)) is None
    User.objects.create_user("lea@insel.example.point-g.example")
    assert who(come_by_saml(insel, "lea@insel.example.point-g.example")) is None


def test_oidc_vouches_for_its_own_people_alone(point_g: str) -> None:
    other = User.objects.create_user("director@amphitheatre.example", role="director")
    assert who(come_by_oidc(point_g, other.email)) is None


def test_a_hospital_is_tied_to_no_account_by_whoever_is_signed_in(point_g: str) -> None:
    director = User.objects.create_user("director@amphitheatre.example", role="director")
    client = client_of(director)
    client.defaults["HTTP_HOST"] = "localhost"
    httpx.put(f"{point_g}/users/eve", json={"email": "eve@point-g.example"}).raise_for_status()
    there = client.get(f"{OIDC}?process=connect")
    parts = urlsplit(httpx.post(there["Location"], data={"sub": "eve"}).headers["Location"])
    assert client.get(f"{parts.path}?{parts.query}").status_code == 401
    assert not director.socialaccount_set.exists()


def test_a_closed_account_stays_closed(point_g: str, doctor: User) -> None:
    User.objects.update(is_active=False)
    assert who(come_by_oidc(point_g, doctor.email)) is None


def test_saml_lets_an_invited_doctor_in(insel: SamlHospital) -> None:
    doctor = User.objects.create_user("lea@insel.example")
    assert who(come_by_saml(insel, doctor.email)) == doctor.email


@pytest.mark.parametrize("how", [{"signed": False}, {"late": 3600}], ids=str)
def test_saml_without_a_good_signature_or_too_late_lets_nobody_in(
    insel: SamlHospital, how: dict[str, Any]
) -> None:
    User.objects.create_user("lea@insel.example")
    assert who(come_by_saml(insel, "lea@insel.example", **how)) is None


def test_saml_signed_by_somebody_else_lets_nobody_in(insel: SamlHospital) -> None:
    User.objects.create_user("lea@insel.example")
    assert who(come_by_saml(SamlHospital(), "lea@insel.example")) is None


def test_a_saml_answer_that_nobody_asked_for_lets_nobody_in(insel: SamlHospital) -> None:
    User.objects.create_user("lea@insel.example")
    asked = Client(headers={"Host": "localhost"}).get(SAML)["Location"]
    client = Client(headers={"Host": "localhost"})  # another browser
    answer = insel.answer(asked, "lea@insel.example")
    client.post("/accounts/hospital/saml/insel/acs/", {"SAMLResponse": answer}, follow=True)
    assert who(client) is None


def test_the_file_of_hospitals_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sign-in.json"
    assert providers(path) == {"openid_connect": {"APPS": []}, "saml": {"APPS": []}}
    entry = {
        "protocol": "oidc",
        "id": "x",
        "name": "X",
        "domains": ["x.example"],
        "client": "c",
        "secret": "s",
    }
    path.write_text(json.dumps([entry | {"address": "https://login.x.example"}]))
    (app,) = providers(path)["openid_connect"]["APPS"]
    assert app["settings"]["verified_email"] == ["x.example"]


@pytest.mark.parametrize(
    "change",
    [{"address": "http://login.x.example"}, {"domains": []}, {"protocol": "ldap"}, {"typo": 1}],
    ids=str,
)
def test_what_makes_no_sense_in_that_file_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "sign-in.json"
    entry = {
        "protocol": "oidc",
        "id": "x",
        "name": "X",
        "domains": ["x.example"],
        "address": "https://login.x.example",
        "client": "c",
        "secret": "keep this",
    }
    path.write_text(json.dumps([entry | change]))
    with pytest.raises(ConfigurationError, match=r"sign-in\.json") as refused:
        providers(path)
    assert "keep this" not in str(refused.value)
