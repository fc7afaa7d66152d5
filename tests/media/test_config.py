"""Settings of media: what is impossible is said with what to do."""

import pytest

from amphitheatre.media.config import IceServer, RtcNetwork, from_environment
from amphitheatre.media.errors import ConfigurationError


def test_defaults_are_those_of_the_documents() -> None:
    config = from_environment({})
    assert (config.media_port, config.rtmp_port, config.srt_port, config.web_port) == (8010, 1935, 8890, 8000)


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104  nothing is bound
        ("::", "[::1]"),
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "[2001:db8::7]"),
    ],
)
def test_web_is_reached_where_everything_listens(host: str, reached: str) -> None:
    config = from_environment({"AMPHITHEATRE_HOST": host})
    assert config.web_url == f"http://{reached}:8000"


def test_pages_come_from_web_s_port_or_by_https_from_a_proxy() -> None:
    assert from_environment({"AMPHITHEATRE_WEB_PORT": "8123"}).web_origin == ("http", 8123)
    assert from_environment({"AMPHITHEATRE_SECURE": "1"}).web_origin == ("https", 443)


@pytest.mark.parametrize("value", ["", "x", "0", "65536", "-1", "80 "])
def test_what_is_no_port_is_named(value: str) -> None:
    with pytest.raises(ConfigurationError, match="AMPHITHEATRE_MEDIA_PORT"):
        from_environment({"AMPHITHEATRE_MEDIA_PORT": value})


@pytest.mark.parametrize("url", ["s3://bucket", "s3://my.bucket/some/place", "file:///srv/recordings"])
def test_an_object_store_is_named_by_its_address(url: str) -> None:
    assert from_environment({"AMPHITHEATRE_STORE_URL": f"{url}/"}).store_url == url
    assert from_environment({"AMPHITHEATRE_STORE_URL": ""}).store_url is None


@pytest.mark.parametrize(
    "url",
    ["https://s3.example/b", "s3:/b", "s3://KEY:secret@bucket/p", "s3://b/../x y", "file://host/x", "/srv"],
)
def test_another_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError, match="AMPHITHEATRE_STORE_URL is neither") as caught:
        from_environment({"AMPHITHEATRE_STORE_URL": url})
    assert url not in str(caught.value)


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
def test_a_store_without_tls_has_to_be_asked_for(name: str) -> None:
    env = {"AMPHITHEATRE_STORE_URL": "s3://bucket", name: "http://10.0.0.9:9000"}
    with pytest.raises(ConfigurationError, match="AWS_ALLOW_HTTP=true"):
        from_environment(env)
    assert from_environment(env | {"AWS_ALLOW_HTTP": "true"}).store_url == "s3://bucket"
    assert from_environment(env | {name: "https://10.0.0.9:9000"}).store_url == "s3://bucket"


def test_webrtc_takes_any_port_and_tells_no_other_address_unless_it_is_told_to() -> None:
    config = from_environment({})
    assert (config.rtc, config.ice_servers) == (RtcNetwork(None, ()), ())
    config = from_environment(
        {
            "AMPHITHEATRE_RTC_PORTS": "50000-50099",
            "AMPHITHEATRE_RTC_ADDRESS": "203.0.113.7, 2001:db8::7",
            "AMPHITHEATRE_ICE_SERVERS": '[{"urls":"stun:a"},{"urls":["turn:b"],"username":"u","credential":"c"}]',
        }
    )
    assert config.rtc == RtcNetwork((50000, 50099), ("203.0.113.7", "2001:db8::7"))
    assert config.ice_servers == (IceServer("stun:a"), IceServer(["turn:b"], "u", "c"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("RTC_PORTS", value) for value in ("50000", "50000-", "9-8", "0-9", "1-65536", "a-b", "-1-5")),
        *(("RTC_ADDRESS", value) for value in ("hospital.example", "203.0.113", "203.0.113.7;203.0.113.8")),
        *(
            ("ICE_SERVERS", value)
            for value in (
                "stun:a",
                "{}",
                '[{"url": "stun:a"}]',
                '[{"urls": []}]',
                '[{"urls": "http://a"}]',
                '[{"urls": "turn:a", "username": "u"}]',
            )
        ),
    ],
)
def test_what_webrtc_can_not_use_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"AMPHITHEATRE_{name}"):
        from_environment({f"AMPHITHEATRE_{name}": value})


def test_a_turn_servers_credential_is_not_repeated_in_an_error() -> None:
    broken = '[{"urls": "turn:a", "username": "u", "credential": "secret", "x": 1}]'
    with pytest.raises(ConfigurationError) as caught:
        from_environment({"AMPHITHEATRE_ICE_SERVERS": broken})
    assert "secret" not in str(caught.value)
