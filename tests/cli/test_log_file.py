from pathlib import Path

from amphitheatre.cli.log_file import LogFile


def test_a_log_goes_on_where_it_ended(tmp_path: Path) -> None:
    for word in (b"one\n", b"two\n"):
        log = LogFile(tmp_path / "a" / "it.log")
        log.append(word)
        log.close()
    assert log.path.read_bytes() == b"one\ntwo\n"


def test_a_long_log_moves_aside_at_the_end_of_a_line(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "it.log", limit=8)
    log.append(b"123456")
    log.append(b"789")
    assert not (tmp_path / "it.log.1").exists(), "a line is never cut in two"
    log.append(b"0\n")
    log.append(b"new\n")
    log.close()
    assert (tmp_path / "it.log.1").read_bytes() == b"1234567890\n"
    assert log.path.read_bytes() == b"new\n"


def test_its_tail_is_its_last_lines(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "it.log")
    log.append(b"".join(b"line %d\n" % n for n in range(5000)))
    assert log.tail(2) == ["line 4998", "line 4999"]
    log.close()
