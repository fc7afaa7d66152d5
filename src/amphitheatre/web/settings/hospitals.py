"""Hospitals whose own sign-in is taken here, from ``keys/sign-in.json``, as allauth wants to be told.

    [{"protocol": "oidc", "id": "point-g", "name": "Hôpital du Point G", "domains": ["point-g.example"],
      "address": "https://login.point-g.example", "client": "amphitheatre", "secret": "…"},
     {"protocol": "saml", "id": "inselspital", "name": "Inselspital", "domains": ["insel.example"],
      "address": "https://login.insel.example/sso", "entity": "https://login.insel.example", "certificate": "MII…"}]

A hospital vouches for the addresses of its own domains and for no others: whoever runs its sign-in could otherwise come
in as anybody.
"""

from pathlib import Path
from typing import Any, Final

import msgspec

from amphitheatre.web.config import ConfigurationError

FILE: Final = "sign-in.json"
# Object identifiers of X.500 and eduPerson, and names that Microsoft's server gives.
_USUAL: Final = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id", "urn:oid:1.3.6.1.4.1.5923.1.1.1.6"],
    "email": [
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    ],
}


class Hospital(msgspec.Struct, frozen=True, kw_only=True, tag_field="protocol", forbid_unknown_fields=True):
    """id: in our addresses. name: on the sign-in page. address: of its server (OIDC) or its single sign-on (SAML)."""

    id: str
    name: str
    domains: list[str]
    address: str


class Oidc(Hospital, frozen=True, kw_only=True, tag="oidc"):
    """OpenID Connect Core 1.0, by authorisation code with PKCE."""

    client: str
    secret: str

    def app(self) -> dict[str, Any]:
        settings = {"server_url": self.address, "oauth_pkce_enabled": True, "verified_email": self.domains}
        return {
            "provider_id": self.id,
            "name": self.name,
            "client_id": self.client,
            "secret": self.secret,
            "settings": settings,
        }


class Saml(Hospital, frozen=True, kw_only=True, tag="saml"):
    """SAML 2.0 Web Browser SSO. entity, certificate: the hospital's; what it says must be signed with it.

    email, uid: the attributes that hold the address, and what never changes of a person, where they are none of the
    usual ones.
    """

    entity: str
    certificate: str
    email: str = ""
    uid: str = ""

    def app(self) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "idp": {"entity_id": self.entity, "sso_url": self.address, "x509cert": self.certificate},
            "advanced": {"want_assertion_signed": True, "reject_idp_initiated_sso": True},
            "verified_email": self.domains,
        }
        own = {name: attribute for name, attribute in (("email", self.email), ("uid", self.uid)) if attribute}
        settings["attribute_mapping"] = _USUAL | own
        return {
            "provider_id": self.entity,
            "name": self.name,
            "client_id": self.id,
            "secret": "",
            "settings": settings,
        }


def providers(path: Path) -> dict[str, dict[str, Any]]:
    """For SOCIALACCOUNT_PROVIDERS; without the file nobody's. Raises ConfigurationError."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=list[Oidc | Saml])
    except FileNotFoundError:
        found = []
    except (OSError, msgspec.MsgspecError) as e:
        raise ConfigurationError(f"{path}: {e}") from e
    for hospital in found:
        if not hospital.domains or not hospital.address.startswith("https://"):
            raise ConfigurationError(f"{path}: {hospital.id} needs its domains, and an address with https://")
    return {
        "openid_connect": {"APPS": [one.app() for one in found if isinstance(one, Oidc)]},
        "saml": {"APPS": [one.app() for one in found if isinstance(one, Saml)]},
    }
