"""The API of the whole site, at /api/; what it offers stands in /api/openapi.json."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from amphitheatre.web.registration import api_for_programs
from amphitheatre.web.registration.api import router

api = NinjaAPI(title="Amphitheatre", version="1", docs_url=None, urls_namespace="api")
api.add_router("", router)
api.add_router("", api_for_programs.router)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(404, "Not Found", str(error))


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _problem(422, "Unprocessable Content", "; ".join(str(one["msg"]) for one in error.errors))


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(error.status_code, HTTPStatus(error.status_code).phrase, error.message)


@api.exception_handler(AuthenticationError)
def not_known(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = _problem(401, "Unauthorized", "a token is needed")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _problem(status: int, title: str, detail: str) -> HttpResponse:
    """A problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")
