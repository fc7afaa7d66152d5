from pathlib import Path

from amphitheatre.media.room.srt_ports import SrtPorts

FIRST = 10_000


def test_ports_are_given_out_in_order_and_stay(tmp_path: Path) -> None:
    ports = SrtPorts(tmp_path / "rooms" / "ports.json", FIRST)
    assert [ports.of("a", "views/main"), ports.of("a", "languages/fr"), ports.of("b", "views/main")] == [
        FIRST, FIRST + 1, FIRST + 2,
    ]  # fmt: skip
    assert ports.of("a", "languages/fr") == FIRST + 1


def test_a_source_has_the_same_port_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    before = SrtPorts(path, FIRST)
    before.of("a", "views/main")
    before.of("b", "views/main")
    again = SrtPorts(path, FIRST)
    assert again.of("b", "views/main") == FIRST + 1
    assert again.of("c", "views/main") == FIRST + 2


def test_another_first_port_moves_nobody_and_gives_none_out_twice(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    SrtPorts(path, FIRST + 1).of("a", "views/main")
    again = SrtPorts(path, FIRST)
    got = [again.of(room, "views/main") for room in ("a", "b", "c")]
    assert got == [FIRST + 1, FIRST, FIRST + 2]


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    path.write_bytes(b'{"a/views/main":')
    assert SrtPorts(path, FIRST).of("a", "views/main") == FIRST
    assert SrtPorts(path, FIRST).of("a", "views/main") == FIRST
