"""The web side as an ASGI application, without its background work (see `server`)."""

import os

import django

from amphitheatre.web.body_limit import BodyLimit
from amphitheatre.web.ui.body_pass import most_of
from amphitheatre.web.ui.static_files import StaticFiles

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amphitheatre.web.settings")
django.setup(set_prefix=False)

from amphitheatre.web.handler import OneThread  # noqa: E402  Django first
from amphitheatre.web.ui.views import too_large  # noqa: E402

application = BodyLimit(StaticFiles(OneThread()), more=most_of, page=too_large)
