"""Settings of media: what is impossible is said with what to do."""

import pytest

from amphitheatre.media.config import IceServer, RtcNetwork, from_environment
from amphitheatre.media.errors import ConfigurationError


def test_defaults_are_those_of_the_documents() -> None:
    config = from_environment({})
    assert (config.media_port, config.rtmp_port, config.srt_port, config.web_port) == (8010, 1935, 8890, 8000)


@pytest.mark.parametrize("value", ["", "x", "0", "65536", "-1", "80 "])
def test_what_is_no_port_is_named(value: str) -> None:
    with pytest.raises(ConfigurationError, match="AMPHITHEATRE_MEDIA_PORT"):
        from_environment({"AMPHITHEATRE_MEDIA_PORT": value})


def test_an_object_store_is_refused_and_not_ignored() -> None:
    with pytest.raises(ConfigurationError, match="STORE_URL"):
        from_environment({"AMPHITHEATRE_STORE_URL": "s3://bucket"})


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
