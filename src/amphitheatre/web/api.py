"""The API of the whole site, at /api/; what it offers stands in /api/openapi.json."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from amphitheatre.web.registration.api import router

api = NinjaAPI(title="Amphitheatre", version="1", docs_url=None, urls_namespace="api")
api.add_router("", router)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(404, "Not Found", str(error))


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _problem(422, "Unprocessable Content", "; ".join(str(one["msg"]) for one in error.errors))


def _problem(status: int, title: str, detail: str) -> HttpResponse:
    """A problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")
