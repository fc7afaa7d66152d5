"""AMF0, the value format of RTMP commands (Adobe, "Action Message Format -- AMF 0", 2007).

Everything that comes from the network is bounded: depth, count of values, length of strings.
"""

import struct
from collections.abc import Mapping
from typing import Final

from amphitheatre.media.errors import SourceBroken

_BAD: Final = "bad-amf"
Value = None | bool | float | str | list["Value"] | dict[str, "Value"]

_MAX_DEPTH: Final = 8
_MAX_VALUES: Final = 512

_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _UNDEFINED, _ECMA_ARRAY = 0, 1, 2, 3, 5, 6, 8
_OBJECT_END, _STRICT_ARRAY, _DATE, _LONG_STRING = 9, 10, 11, 12


def decode(data: bytes) -> list[Value]:
    """All values of a command. Raises SourceBroken("bad-amf")."""
    reader = _Reader(data)
    values: list[Value] = []
    while reader.at < len(data):
        values.append(reader.value(0))
    return values


def encode(*values: Value | Mapping[str, Value] | int) -> bytes:
    """Bytes of the values, one after the other; int is written as a number."""
    return b"".join(_encoded(value) for value in values)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = _MAX_VALUES
        self.at = 0

    def value(self, depth: int) -> Value:
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            raise SourceBroken(_BAD, "too deep or too many values")
        kind = self._take(1)[0]
        if kind == _NUMBER:
            return self._number()
        if kind == _BOOLEAN:
            return self._take(1)[0] != 0
        if kind == _STRING:
            return self._string()
        if kind == _LONG_STRING:
            return self._text(int.from_bytes(self._take(4), "big"))
        if kind in (_NULL, _UNDEFINED):
            return None
        if kind == _OBJECT:
            return self._members(depth)
        if kind == _ECMA_ARRAY:
            self._take(4)  # a hint of the length that encoders get wrong; the end marker counts
            return self._members(depth)
        if kind == _STRICT_ARRAY:
            length = int.from_bytes(self._take(4), "big")
            if length > self._left:
                raise SourceBroken(_BAD, "array longer than allowed")
            return [self.value(depth + 1) for _ in range(length)]
        if kind == _DATE:
            moment = self._number()
            self._take(2)
            return moment
        raise SourceBroken(_BAD, f"unknown type {kind}")

    def _members(self, depth: int) -> dict[str, Value]:
        members: dict[str, Value] = {}
        while True:
            name = self._string()
            if not name and self._peek() == _OBJECT_END:
                self._take(1)
                return members
            members[name] = self.value(depth + 1)

    def _number(self) -> float:
        (number,) = struct.unpack(">d", self._take(8))
        return float(number)

    def _string(self) -> str:
        return self._text(int.from_bytes(self._take(2), "big"))

    def _text(self, length: int) -> str:
        return self._take(length).decode("utf-8", "replace")

    def _peek(self) -> int:
        return self._data[self.at] if self.at < len(self._data) else -1

    def _take(self, count: int) -> bytes:
        piece = self._data[self.at : self.at + count]
        if len(piece) < count:
            raise SourceBroken(_BAD, "cut short")
        self.at += count
        return piece


def _encoded(value: Value | Mapping[str, Value] | int) -> bytes:
    if value is None:
        return bytes([_NULL])
    if isinstance(value, bool):
        return bytes([_BOOLEAN, value])
    if isinstance(value, int | float):
        return bytes([_NUMBER]) + struct.pack(">d", value)
    if isinstance(value, str):
        return bytes([_STRING]) + _name(value)
    if isinstance(value, list):
        return bytes([_STRICT_ARRAY]) + struct.pack(">I", len(value)) + encode(*value)
    members = b"".join(_name(name) + _encoded(member) for name, member in value.items())
    return bytes([_OBJECT]) + members + b"\0\0" + bytes([_OBJECT_END])


def _name(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data
