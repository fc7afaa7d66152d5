"""The web side as an ASGI application, without its background work (see `server`)."""

import os

from django.core.asgi import get_asgi_application

from amphitheatre.web.body_limit import BodyLimit
from amphitheatre.web.ui.body_pass import most_of
from amphitheatre.web.ui.static_files import StaticFiles

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amphitheatre.web.settings")
_pages = get_asgi_application()  # first: it sets Django up

from amphitheatre.web.ui.views import too_large  # noqa: E402

application = BodyLimit(StaticFiles(_pages), more=most_of, page=too_large)
