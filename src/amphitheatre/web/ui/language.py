"""In which language a page speaks: the account's, then the cookie's, then the browser's."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

# Django writes tags in lower case; pages, plans and playlists use BCP 47's own spelling.
TAGS: Final = {"zh-hans": "zh-Hans", "en": "en", "fr": "fr"}
CODES: Final = {tag: code for code, tag in TAGS.items()}
# Between a name and what it names, and between things of one kind; the space before a French colon breaks no line.
COLON: Final = {"zh-Hans": "：", "en": ": ", "fr": "\N{NO-BREAK SPACE}: "}
COMMA: Final = {"zh-Hans": "、", "en": ", ", "fr": ", "}
NAMES: Final = {TAGS[code]: name for code, name in settings.LANGUAGES}


def current_tag() -> str:
    """BCP 47 tag of the language that is active now."""
    return TAGS.get(translation.get_language() or "", "en")


class LanguageMiddleware:
    """Activates the language of each request and names it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = wanted(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", TAGS[code])
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def wanted(request: HttpRequest) -> str:
    """Django's code of the language that this request asks for."""
    preferred = getattr(request.user, "preferred_language", "").lower()
    if preferred in TAGS:
        return preferred
    # Reads the cookie, then Accept-Language, then falls back to LANGUAGE_CODE.
    return translation.get_language_from_request(request)


def asked(request: HttpRequest) -> translation.override:
    """In `?language=` (BCP 47), for what no cookie reaches, as a calendar; what is none of ours changes nothing."""
    return translation.override(CODES.get(request.GET.get("language", ""), translation.get_language()))


def choices(request: HttpRequest) -> dict[str, object]:
    """Context processor: what the language menu and the html element show, and marks between words."""
    tag = current_tag()
    return {
        "language_tag": tag,
        "language_name": NAMES[tag],
        "language_choices": list(NAMES.items()),
        "colon": COLON[tag],
        "comma": COMMA[tag],
    }
