"""Views that media fetches itself: from a camera's or stream's address, or from a film on the server's disk."""

from pathlib import Path

from django.conf import settings

from amphitheatre.web.studio.models import View


def films() -> list[str]:
    """Names of the files that may be played, from the folder `films` of the data folder."""
    folder = _folder()
    return sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def pulled(view: View) -> str:
    """What somebody has set: an address, a film's name, or nothing."""
    return view.pull_url.removeprefix(f"{_folder()}/")


def pull(view: View, wanted: str, *, loop: bool) -> None:
    """Fetch the view from there from now on, or from nowhere. wanted: an address or one of `films`."""
    view.pull_url = str(_folder() / wanted) if wanted and "://" not in wanted else wanted
    view.pull_loop = loop
    view.save(update_fields=["pull_url", "pull_loop"])


def _folder() -> Path:
    path: Path = settings.AMPHITHEATRE.data / "films"
    return path
