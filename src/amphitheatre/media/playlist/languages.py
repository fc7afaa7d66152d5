"""Language tags (BCP 47) as the boxes of ISO/IEC 14496-12 want them: ISO 639-2/T codes."""

from typing import Final

_CODES: Final = {
    "zh": "zho",
    "en": "eng",
    "fr": "fra",
    "es": "spa",
    "pt": "por",
    "ar": "ara",
    "ru": "rus",
    "sr": "srp",
}


def iso_639_2(tag: str) -> str:
    """``und`` for what we do not know; a three-letter primary tag stands for itself."""
    primary = tag.split("-")[0]
    return primary if len(primary) == 3 else _CODES.get(primary, "und")
