"""All addresses of web. Rooms share the prefix /rooms/{room} with media, so one cookie serves both."""

from django.urls import include, path

from amphitheatre.web.api import api
from amphitheatre.web.studio.views.sign_out import SignOut
from amphitheatre.web.ui.views import choose_language

urlpatterns = [
    path("", include("amphitheatre.web.studio.urls")),
    path("", include("amphitheatre.web.alliance.urls")),
    path("", include("amphitheatre.web.registration.urls")),
    path("api/", api.urls),
    path("office/", include("amphitheatre.web.office.urls")),
    path("language/", choose_language, name="language"),
    path("accounts/logout/", SignOut.as_view(), name="account_logout"),
    path("accounts/", include("amphitheatre.web.accounts.urls")),
]

handler400 = "amphitheatre.web.ui.views.bad_request"
handler403 = "amphitheatre.web.ui.views.forbidden"
handler404 = "amphitheatre.web.ui.views.not_found"
handler500 = "amphitheatre.web.ui.views.failed"
