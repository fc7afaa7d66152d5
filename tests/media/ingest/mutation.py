"""Chance damage, as a fuzzer does it."""

import random


def mutated(body: bytes, dice: random.Random) -> bytes:
    """A few bytes changed, a piece cut out or put in, or the end cut off."""
    data = bytearray(body)
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(data) + 1)
        match dice.randrange(4):
            case 0 if place < len(data):
                data[place] = dice.randrange(256)
            case 1:
                del data[place : place + dice.randint(1, 40)]
            case 2:
                data[place:place] = dice.randbytes(dice.randint(1, 40))
            case _:
                del data[place + 1 :]
    return bytes(data)
