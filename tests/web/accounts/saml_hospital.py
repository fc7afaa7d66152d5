"""A hospital's SAML 2.0 identity provider, for tests: its key, and what it answers to a request."""

import base64
import uuid
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ENTITY = "https://login.insel.example"
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_NAMES = (
    'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
)


class SamlHospital:
    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "login.insel.example")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now)
            .not_valid_after(now + timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        self.key = key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.certificate = certificate.public_bytes(pem).decode()

    def answer(self, redirect: str, email: str, *, signed: bool = True, late: float = 0.0) -> str:
        """SAMLResponse to the request that a browser was sent with; late: seconds since it was written."""
        (packed,) = parse_qs(urlsplit(redirect).query)["SAMLRequest"]
        request = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
        acs = request.get("AssertionConsumerServiceURL")
        audience = request.findtext("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer")
        now = datetime.now(UTC) - timedelta(seconds=late)
        at, until = now.strftime(_TIME), (now + timedelta(minutes=5)).strftime(_TIME)
        facts = {
            "at": at,
            "until": until,
            "email": email,
            "acs": acs,
            "audience": audience,
            "request": request.get("ID"),
            "entity": ENTITY,
        }
        assertion = _written("assertion", facts)
        if signed:
            assertion = OneLogin_Saml2_Utils.add_sign(assertion, self.key, self.certificate).decode()
        response = _written("response", facts | {"assertion": assertion})
        return base64.b64encode(response.encode()).decode()


def _written(name: str, facts: dict[str, str]) -> str:
    template = Template((Path(__file__).parent / "saml" / f"{name}.xml").read_text())
    return template.substitute(facts, id=uuid.uuid4()).strip()
