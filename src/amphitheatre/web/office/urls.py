"""The office at /office/.

Signing in and out, passwords and addresses are the house's own pages: they know second factors and the rooms' cookies.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.cache import cache_control
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtail
from wagtail.admin.views.home import sprite

from amphitheatre.web.office.door import door
from amphitheatre.web.studio.views.sign_out import SignOut

# Its address changes with its content, yet Wagtail forbids to keep it and so sends it with every page.
symbols = cache_control(private=True, max_age=31_536_000, immutable=True)(sprite)


def closed(_request: HttpRequest) -> HttpResponse:
    raise Http404


first = RedirectView.as_view(pattern_name="wagtailsnippets_programme_course:list")

# Wagtail's pages for what the house does not have, or has pages of its own for: closed to everybody, whatever a
# superuser may.
_CLOSED = "collections|documents|groups|images|pages|redirects|reports|sites|tasks|users|workflows"

urlpatterns = [
    path("", first),
    re_path(rf"^(?:{_CLOSED})(?:/|$)", closed),
    path("sprite/", symbols),
    path("door/", door, name="office-door"),
    path("login/", door),
    path("logout/", SignOut.as_view()),
    path("account/", RedirectView.as_view(pattern_name="account_profile")),
    path("", include(wagtail)),
]
