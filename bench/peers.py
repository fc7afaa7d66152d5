"""nginx-rtmp beside us: 1 s HLS fragments, the same camera, the same browser, hls.js with its defaults.

Needs Debian's nginx with libnginx-mod-rtmp and the front end's node_modules (hls.js); raises PeerError otherwise.
"""

import asyncio
import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from bench.camera import camera
from bench.glass import watch
from bench.instance import free_ports

_MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
_HLS_JS = Path(__file__).parents[1] / "front/node_modules/hls.js/dist/hls.min.js"
_START = 30.0  # seconds
_CONFIGURATION = """
load_module {module};
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
rtmp {{ server {{ listen 127.0.0.1:{rtmp}; application live {{
  live on; hls on; hls_path {folder}/hls; hls_fragment 1s; hls_playlist_length 6s;
}} }} }}
http {{ access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  types {{ text/html html; text/javascript js; application/vnd.apple.mpegurl m3u8; video/mp2t ts; }}
  server {{ listen 127.0.0.1:{http}; root {folder}; add_header Cache-Control no-cache; }} }}
"""
_PAGE = """<!doctype html><video muted autoplay playsinline></video><script src="hls.min.js"></script><script>
const player = new Hls(); player.loadSource('hls/camera.m3u8'); player.attachMedia(document.querySelector('video'));
</script>"""


class PeerError(Exception):
    """The peer can't be measured here; the text says why and what to do."""


async def measure(seconds: float) -> dict[str, Any]:
    """Glass to glass of nginx-rtmp, as in `glass.watch`."""
    async with nginx() as (rtmp, address), camera(f"rtmp://127.0.0.1:{rtmp}/live/camera"):
        await asyncio.sleep(8.0)  # the player's defaults want three fragments
        return await watch(address, seconds)


@contextlib.asynccontextmanager
async def nginx() -> AsyncIterator[tuple[int, str]]:
    """(RTMP port, address of the page). Raises PeerError."""
    _require()
    rtmp, http = free_ports(2)
    with tempfile.TemporaryDirectory(prefix="amphitheatre-peer-") as name:
        folder = Path(name)
        _furnish(folder, rtmp, http)
        process = await asyncio.create_subprocess_exec("nginx", "-c", str(folder / "nginx.conf"))
        try:
            await listening(rtmp, process)
            yield rtmp, f"http://127.0.0.1:{http}/index.html"
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def _require() -> None:
    if shutil.which("nginx") is None or not _MODULE.is_file():
        raise PeerError("nginx-rtmp is not installed: apt-get install nginx-light libnginx-mod-rtmp")
    if not _HLS_JS.is_file():
        raise PeerError("hls.js is not installed: make demo once")


def _furnish(folder: Path, rtmp: int, http: int) -> None:
    """The page, the configuration, and a folder that nginx's unprivileged workers may write to."""
    folder.chmod(0o755)
    (folder / "hls").mkdir()
    (folder / "hls").chmod(0o777)
    (folder / "index.html").write_text(_PAGE)
    shutil.copy(_HLS_JS, folder / "hls.min.js")
    text = _CONFIGURATION.format(module=_MODULE, folder=folder, rtmp=rtmp, http=http)
    (folder / "nginx.conf").write_text(text)


async def listening(port: int, process: asyncio.subprocess.Process) -> None:
    """Until the process answers there. Raises PeerError when it ends before."""
    async with asyncio.timeout(_START):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return
    raise PeerError(f"it ended with exit code {process.returncode}")


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(20.0 if "--quick" in sys.argv else 120.0)), indent=2))
