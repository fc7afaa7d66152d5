import msgspec

from amphitheatre.contract.room_plan import Language, RoomPlan, View
from amphitheatre.media.room.keys import Door, KeyRing, sources


def plan(room: str = "theatre", prefix: str = "a") -> RoomPlan:
    return RoomPlan(
        id=room,
        title={},
        views=[View(id="main", label={}, key=f"{prefix}-key-of-the-camera")],
        languages=[Language(tag="fr", label="Français", interpreted=True, key=f"{prefix}-key-of-the-booth")],
        floor="fr",
    )


def test_each_key_opens_its_own_door() -> None:
    ring = KeyRing()
    ring.replace(plan())
    assert ring.find("a-key-of-the-camera") == Door("theatre", "views/main")
    assert ring.find("a-key-of-the-booth") == Door("theatre", "languages/fr")


def test_no_other_key_opens_any() -> None:
    ring = KeyRing()
    ring.replace(plan())
    for key in ("", "A-key-of-the-camera", "a-key-of-the-camera ", "a-key-of-the-camer", "é"):
        assert ring.find(key) is None


def test_a_new_plan_s_keys_replace_the_old_ones_of_its_room_alone() -> None:
    ring = KeyRing()
    ring.replace(plan())
    ring.replace(plan("other", "b"))
    ring.replace(plan("theatre", "c"))
    assert ring.find("a-key-of-the-camera") is None
    assert ring.find("c-key-of-the-camera") == Door("theatre", "views/main")
    assert ring.find("b-key-of-the-camera") == Door("other", "views/main")


def test_a_removed_room_has_no_door() -> None:
    ring = KeyRing()
    ring.replace(plan())
    ring.remove("theatre")
    assert ring.find("a-key-of-the-camera") is None


def test_it_holds_no_key_itself() -> None:
    ring = KeyRing()
    ring.replace(plan())
    assert "key-of-the" not in repr(vars(ring))


def test_every_source_of_a_plan_has_its_key() -> None:
    two = msgspec.structs.replace(plan(), views=[*plan().views, View(id="scope", label={}, key="s" * 16)])
    assert sources(two) == {
        "views/main": "a-key-of-the-camera",
        "views/scope": "s" * 16,
        "languages/fr": "a-key-of-the-booth",
    }
