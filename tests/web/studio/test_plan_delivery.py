"""Plans reach media, again after a change, and a room that is gone is closed there."""

import httpx
import pytest

from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.web.studio.domain.plan_delivery import NotTaken, PlanDelivery
from tests.media.origin import plan


class Media:
    """As much of its control as delivery meets."""

    def __init__(self) -> None:
        self.rooms: dict[str, bytes] = {}
        self.puts = 0
        self.away = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer control"
        room = request.url.path.removeprefix("/control/rooms").strip("/")
        if self.away:
            return httpx.Response(503)
        match request.method:
            case "GET":
                return httpx.Response(200, json=[{"id": one} for one in self.rooms])
            case "PUT":
                self.puts += 1
                self.rooms[room] = request.content
            case "DELETE":
                del self.rooms[room]
        return httpx.Response(204)


class Web:
    """The database's rooms, and their delivery to `media`."""

    def __init__(self) -> None:
        self.plans: dict[str, RoomPlan | None] = {"a": plan("a"), "b": plan("b")}
        self.media = Media()
        self.restart()

    def restart(self) -> None:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self.media), base_url="http://media")
        self.delivery = PlanDelivery(client, self._load, lambda: "Bearer control")

    async def _load(self) -> dict[str, RoomPlan | None]:
        return dict(self.plans)


@pytest.fixture
def web() -> Web:
    return Web()


async def test_each_plan_is_brought_once_and_again_when_it_has_changed(web: Web) -> None:
    await web.delivery.deliver()
    await web.delivery.deliver()
    assert (set(web.media.rooms), web.media.puts) == ({"a", "b"}, 2)
    web.plans["a"] = plan("a", ("main", "second"))
    await web.delivery.deliver()
    assert web.media.puts == 3


async def test_a_media_server_without_plans_gets_them_again(web: Web) -> None:
    await web.delivery.deliver()
    web.media.rooms.clear()
    await web.delivery.deliver()
    assert set(web.media.rooms) == {"a", "b"}


async def test_a_room_that_is_deleted_is_closed(web: Web) -> None:
    await web.delivery.deliver()
    del web.plans["a"]
    await web.delivery.deliver()
    await web.delivery.deliver()
    assert set(web.media.rooms) == {"b"}


async def test_a_room_that_can_not_be_planned_any_more_stays_as_it_is(web: Web) -> None:
    await web.delivery.deliver()
    web.plans["a"] = None
    await web.delivery.deliver()
    assert set(web.media.rooms) == {"a", "b"}


async def test_a_fresh_database_closes_no_room_that_is_on_air(web: Web) -> None:
    await web.delivery.deliver()
    web.plans.clear()
    web.restart()
    await web.delivery.deliver()
    assert set(web.media.rooms) == {"a", "b"}


async def test_what_media_does_not_take_is_brought_again(web: Web) -> None:
    web.media.away = True
    with pytest.raises(NotTaken, match="503"):
        await web.delivery.deliver()
    web.media.away = False
    await web.delivery.deliver()
    assert set(web.media.rooms) == {"a", "b"}
