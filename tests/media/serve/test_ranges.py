import pytest

from amphitheatre.media.serve.problem import Problem
from amphitheatre.media.serve.ranges import byte_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, (0, 99)),
        (b"bytes=0-9", (0, 9)),
        (b" bytes=90- ", (90, 99)),
        (b"bytes=90-1000", (90, 99)),
        (b"bytes=-10", (90, 99)),
        (b"bytes=-1000", (0, 99)),
        (b"bytes=99-99", (99, 99)),
        (b"bytes=-", (0, 99)),
        (b"bytes=0-1,5-6", (0, 99)),
        (b"items=0-1", (0, 99)),
        (b"bytes=a-b", (0, 99)),
        (b"bytes=" + b"9" * 5000 + b"-", (0, 99)),
    ],
)
def test_one_range_is_given_and_anything_else_is_the_whole(
    header: bytes | None, wanted: tuple[int, int]
) -> None:
    assert byte_range(header, 100) == wanted


@pytest.mark.parametrize("header", [b"bytes=100-", b"bytes=100-200", b"bytes=-0"])
def test_a_range_outside_is_refused_with_the_size(header: bytes) -> None:
    with pytest.raises(Problem) as caught:
        byte_range(header, 100)
    assert caught.value.status == 416
    assert (b"content-range", b"bytes */100") in caught.value.headers


def test_a_range_whose_end_is_before_its_beginning_means_nothing() -> None:
    # RFC 9110, 14.1.1: such a range is invalid, and an invalid Range header is ignored (14.2).
    assert byte_range(b"bytes=9-5", 100) == (0, 99)
