"""The office at /office/.

Signing in and out, passwords and addresses are the house's own pages: they know second factors and the rooms' cookies.
"""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtail

from amphitheatre.web.office.door import door
from amphitheatre.web.studio.views.sign_out import SignOut

first = RedirectView.as_view(pattern_name="wagtailsnippets_programme_course:list")

urlpatterns = [
    path("", first),
    path("door/", door, name="office-door"),
    path("login/", door),
    path("logout/", SignOut.as_view()),
    path("account/", RedirectView.as_view(pattern_name="account_profile")),
    path("", include(wagtail)),
]
