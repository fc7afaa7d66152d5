"""RTMP in → WHEP out, glass to glass in Chromium by the strip in the picture."""

import asyncio
import json
import sys
from typing import Any

import httpx
from playwright.async_api import Page

from bench.browser import page
from bench.camera import camera
from bench.figures import quantile
from bench.instance import Instance, RoomWish
from bench.live_room import live_playlists

ROOM = "return"
# The page makes the offer and takes the answer; this process carries them, as a player without a web origin would.
_OFFER = """async () => {
  const peer = new RTCPeerConnection();
  window.peer = peer;
  peer.addTransceiver('video', { direction: 'recvonly' });
  peer.addTransceiver('audio', { direction: 'recvonly' });
  const video = document.body.appendChild(document.createElement('video'));
  video.muted = true; video.autoplay = true;
  const stream = new MediaStream(); video.srcObject = stream;
  peer.ontrack = ({ track, receiver }) => { receiver.jitterBufferTarget = 0; stream.addTrack(track); };
  await peer.setLocalDescription();
  await new Promise((done) => {
    if (peer.iceGatheringState === 'complete') done();
    peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && done();
  });
  return peer.localDescription.sdp;
}"""
_ANSWER = "(sdp) => window.peer.setRemoteDescription({ type: 'answer', sdp })"


async def measure(quick: bool = False) -> dict[str, Any]:
    """Seconds. The synthetic camera pushes by RTMP; the page takes the return feed."""
    seconds = 10.0 if quick else 60.0
    async with Instance([RoomWish(ROOM, languages=("zh-Hans",))]) as house:
        rtmp = await house.push_address(ROOM)
        grant = await house.grant(ROOM, "interpreter")
        async with camera(rtmp):
            await live_playlists(house.media_url, ROOM, "main", grant)
            async with page() as viewer:
                await viewer.goto(f"http://127.0.0.1:{house.web_port}/")
                await _connect(viewer, f"{house.media_url}/rooms/{ROOM}/whep", grant)
                delays = await _read(viewer, seconds)
    return {
        "rtmp_whep_p50": round(quantile(delays, 0.5), 3),
        "rtmp_whep_p95": round(quantile(delays, 0.95), 3),
    }


async def _connect(viewer: Page, address: str, grant: str) -> None:
    """Raises httpx.HTTPStatusError when the feed is refused."""
    head = {"Authorization": f"Bearer {grant}", "Content-Type": "application/sdp"}
    async with httpx.AsyncClient(headers=head, trust_env=False, timeout=20.0) as client:
        answer = await client.post(address, content=str(await viewer.evaluate(_OFFER)))
    answer.raise_for_status()
    await viewer.evaluate(_ANSWER, answer.text)


async def _read(viewer: Page, seconds: float) -> list[float]:
    await viewer.wait_for_function("() => window.readings.length > 0", timeout=20_000)
    await asyncio.sleep(3.0)
    await viewer.evaluate("() => { window.readings.length = 0; }")
    await asyncio.sleep(seconds)
    return [delay / 1000 for _, delay in await viewer.evaluate("() => window.readings")]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure("--quick" in sys.argv)), indent=2))
