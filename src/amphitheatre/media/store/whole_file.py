"""Small files that are replaced whole: whoever reads one, also after a crash, finds the old or the new one."""

from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Its folder has to be there. Raises OSError as the disk does."""
    partial = path.with_name(f".{path.name}")
    partial.write_bytes(data)
    partial.replace(path)
