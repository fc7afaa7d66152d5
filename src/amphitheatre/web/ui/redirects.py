"""Redirects as a script can see them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


class TellRedirect:
    """To ``X-Tell-Redirect: 1`` a redirect is 204 with its Location.

    A browser follows a redirect before its script hears of it, and the page that it then gets uses up the messages that
    were meant for the reader. `front/src/busy/sending.ts` asks for this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseRedirect) and request.headers.get("X-Tell-Redirect") == "1":
            response.status_code = 204
        return response
