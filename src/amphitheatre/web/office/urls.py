"""The office at /office/. Signing in, passwords and addresses are the house's own pages: they know second factors."""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtail

sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

first = RedirectView.as_view(pattern_name="wagtailsnippets_programme_course:list")

urlpatterns = [
    path("", first),
    path("login/", sign_in),
    path("", include(wagtail)),
]
