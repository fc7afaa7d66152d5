"""Prometheus text: rooms, sources, renditions and requests, read from the state at the moment of the scrape."""

import time
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from amphitheatre.contract.room_state import State
from amphitheatre.media.record.archiver import Archiver
from amphitheatre.media.room import view_of_room
from amphitheatre.media.room.house import House
from amphitheatre.media.rtc.return_link import ReturnLink

_BUCKETS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0)


class Events(Protocol):
    """Those that web has not taken yet, and those that had to be given up."""

    @property
    def waiting(self) -> int: ...

    dropped: int


class Meters:
    """A registry of its own, so that two origins in one process (tests) do not meet."""

    def __init__(
        self, house: House, link: ReturnLink, events: Events, archiver: Archiver | None = None
    ) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Rooms(house))
        self._registry.register(_Return(house, link))
        self._registry.register(_Events(events))
        if archiver is not None:
            self._registry.register(_Archive(archiver))
        requests = Histogram(
            "amphitheatre_request_seconds",
            "From request to answer; a blocking playlist's wait is part of it",
            ["kind"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.playlist = requests.labels("playlist").observe
        self.part = requests.labels("part").observe

    def text(self) -> bytes:
        return generate_latest(self._registry)


_SOURCE: Final = {
    "bitrate": "Bits per second that come in",
    "frame_rate": "Frames per second that come in",
    "keyframe_distance": "Seconds between keyframes",
    "drift_ppm": "Its clock against the room's, parts per million",
    "loudness_momentary": "EBU R 128, LUFS",
    "dropped": "Packets and frames dropped",
    "mended": "Timestamps mended",
    "restarts": "Its process restarted",
}
_QUEUE: Final = {
    "backlog": "Bytes that wait for a process",
    "dropped": "Messages that found no place there",
}
_RENDITION: Final = {
    "parts": "Parts announced",
    "parts_held": "Parts that repeat the last picture",
    "dropped": "Frames that came too late for their part",
    "waiting": "Requests parked for the next part",
}


class _Rooms(Collector):
    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        rooms = self._house.rooms
        live = GaugeMetricFamily("amphitheatre_room_live", "1 while a view is live", labels=["room"])
        viewers = GaugeMetricFamily("amphitheatre_room_viewers", "Grants seen in 10 s", labels=["room"])
        recording = GaugeMetricFamily(
            "amphitheatre_recording_stopped", "1 while the disk refuses the recording", labels=["room"]
        )
        for name, room in rooms.items():
            live.add_metric([name], room.state is State.LIVE)
            viewers.add_metric([name], view_of_room.viewers(room, time.monotonic()))
            recording.add_metric([name], room.recording == "stopped")
        yield from (live, viewers, recording)
        reports = {
            (name, source.name): source.report
            for name, room in rooms.items()
            for source in room.sources.values()
        }
        yield from _gauges("source", _SOURCE, reports)
        queues = {(name, of): queue for name, room in rooms.items() for of, queue in room.queues()}
        yield from _gauges("queue", _QUEUE, queues)
        renditions = {
            (name, label): rendition for name, room in rooms.items() for label, rendition in room.renditions()
        }
        yield from _gauges("rendition", _RENDITION, renditions)


def _gauges(
    of: str, names: Mapping[str, str], owners: Mapping[tuple[str, str], object]
) -> Iterator[GaugeMetricFamily]:
    """One family for each name, an attribute of the owners; None is left out. owners: by room and label."""
    for name, text in names.items():
        family = GaugeMetricFamily(f"amphitheatre_{of}_{name}", text, labels=["room", of])
        for labels, owner in owners.items():
            if (value := getattr(owner, name)) is not None:
                family.add_metric(labels, value)
        yield family


class _Events(Collector):
    def __init__(self, events: Events) -> None:
        self._events = events

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "amphitheatre_events_waiting", "Events that web has not taken yet", self._events.waiting
        )
        yield CounterMetricFamily(
            "amphitheatre_events_dropped", "Events given up because too many waited", self._events.dropped
        )


class _Return(Collector):
    def __init__(self, house: House, link: ReturnLink) -> None:
        self._house = house
        self._link = link

    def collect(self) -> Iterator[Metric]:
        peers = GaugeMetricFamily("amphitheatre_whep_peers", "Who watches by WHEP", labels=["room"])
        for name in self._house.rooms:
            peers.add_metric([name], self._link.peers(name))
        yield peers
        yield CounterMetricFamily(
            "amphitheatre_whep_dropped",
            "Pictures and sounds that peers were too slow for",
            self._link.dropped,
        )


class _Archive(Collector):
    def __init__(self, archiver: Archiver) -> None:
        self._archiver = archiver

    def collect(self) -> Iterator[Metric]:
        archiver = self._archiver
        waiting, oldest, deletions = archiver.backlog
        values = {
            "up": ("1 while the object store takes what it is given", float(not archiver.away)),
            "waiting_segments": ("Segments that are not in the object store yet", waiting),
            "waiting_seconds": ("How long the oldest of them has waited", oldest),
            "waiting_deletions": ("Takes that are deleted here and not there yet", deletions),
        }
        for name, (text, value) in values.items():
            yield GaugeMetricFamily(f"amphitheatre_archive_{name}", text, value)
        yield CounterMetricFamily("amphitheatre_archive_failures", "Rounds that failed", archiver.failures)
        yield CounterMetricFamily("amphitheatre_archive_sent_bytes", "Of segments", archiver.sent)
