"""RTMP in → WHEP out and WHIP in → WHEP out, glass to glass in Chromium by the strip in the picture."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Page

from bench.browser import page
from bench.camera import camera
from bench.figures import quantile
from bench.instance import Instance, RoomWish
from bench.live_room import live_playlists

CAMERA_ROOM, BROWSER_ROOM = "return", "lecture"
SETTLE = 3.0  # seconds after the first picture in which a jitter buffer finds its depth
WRITER = Path(__file__).with_name("strip_writer.js")
# The page makes the offer and takes the answer; this process carries them, as a player without a web origin would.
_GATHERED = """
  await peer.setLocalDescription();
  await new Promise((done) => {
    if (peer.iceGatheringState === 'complete') done();
    peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && done();
  });
  return peer.localDescription.sdp;
}"""
WATCH = f"""async () => {{
  const peer = new RTCPeerConnection();
  window.peer = peer;
  peer.addTransceiver('video', {{ direction: 'recvonly' }});
  peer.addTransceiver('audio', {{ direction: 'recvonly' }});
  const video = document.body.appendChild(document.createElement('video'));
  video.muted = true; video.autoplay = true;
  const stream = new MediaStream(); video.srcObject = stream;
  peer.ontrack = ({{ track, receiver }}) => {{ receiver.jitterBufferTarget = 0; stream.addTrack(track); }};
{_GATHERED}"""
# As our own page does it (front/src/present/whip.ts): H.264 first, and a bit rate that the picture deserves.
PUBLISH = f"""async () => {{
  const peer = new RTCPeerConnection();
  window.peer = peer;
  const sound = new AudioContext();
  const tone = new OscillatorNode(sound), out = new MediaStreamAudioDestinationNode(sound);
  tone.connect(out); tone.start();
  const [picture] = window.film().getVideoTracks();
  const video = peer.addTransceiver(picture, {{ direction: 'sendonly' }});
  peer.addTransceiver(out.stream.getAudioTracks()[0], {{ direction: 'sendonly' }});
  const codecs = RTCRtpSender.getCapabilities('video').codecs;
  const order = (codec) => (codec.mimeType === 'video/H264' ? 0 : 1);
  video.setCodecPreferences(codecs.sort((one, other) => order(one) - order(other)));
  const parameters = video.sender.getParameters();
  for (const encoding of parameters.encodings) encoding.maxBitrate = 3500000;
  await video.sender.setParameters(parameters);
{_GATHERED}"""
_ANSWER = "(sdp) => window.peer.setRemoteDescription({ type: 'answer', sdp })"


async def measure(quick: bool = False) -> dict[str, Any]:
    """Seconds, of the way in by the synthetic camera's RTMP and by a browser's WHIP; out it is WHEP to a browser."""
    seconds = 10.0 if quick else 30.0
    rooms = [RoomWish(room, languages=("zh-Hans",)) for room in (CAMERA_ROOM, BROWSER_ROOM)]
    async with Instance(rooms) as house:
        async with camera(await house.push_address(CAMERA_ROOM)):
            by_rtmp = await _watch(house, CAMERA_ROOM, seconds)
        async with page() as publisher:
            await _film(house, publisher)
            by_whip = await _watch(house, BROWSER_ROOM, seconds)
    return {
        f"{way}_whep_{name}": round(quantile(delays, share), 3)
        for way, delays in (("rtmp", by_rtmp), ("whip", by_whip))
        for name, share in (("p50", 0.5), ("p95", 0.95))
    }


async def _film(house: Instance, publisher: Page) -> None:
    """The page's canvas and a tone, published into BROWSER_ROOM."""
    push = await house.push(BROWSER_ROOM, "whip")
    await publisher.add_init_script(path=WRITER)
    await publisher.goto(f"http://127.0.0.1:{house.web_port}/")
    await connect(publisher, PUBLISH, push["url"], push["key"])


async def _watch(house: Instance, room: str, seconds: float) -> list[float]:
    """Delays in seconds of the pictures that a page takes from the room's return feed."""
    grant = await house.grant(room, "interpreter")
    await live_playlists(house.media_url, room, "main", grant)
    async with page() as viewer:
        await viewer.goto(f"http://127.0.0.1:{house.web_port}/")
        await connect(viewer, WATCH, f"{house.media_url}/rooms/{room}/whep", grant)
        await viewer.wait_for_function("() => window.readings.length > 0", timeout=20_000)
        await asyncio.sleep(SETTLE)
        await viewer.evaluate("() => { window.readings.length = 0; }")
        await asyncio.sleep(seconds)
        return [delay / 1000 for _, delay in await viewer.evaluate("() => window.readings")]


async def connect(browser: Page, offer: str, address: str, token: str) -> None:
    """Raises httpx.HTTPStatusError when the offer is refused."""
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    async with httpx.AsyncClient(headers=head, trust_env=False, timeout=20.0) as client:
        answer = await client.post(address, content=str(await browser.evaluate(offer)))
    answer.raise_for_status()
    await browser.evaluate(_ANSWER, answer.text)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure("--quick" in sys.argv)), indent=2))
