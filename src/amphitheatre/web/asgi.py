"""The web side as an ASGI application, without its background work (see `server`)."""

import os

from django.core.asgi import get_asgi_application

from amphitheatre.web.body_limit import BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amphitheatre.web.settings")
application = BodyLimit(get_asgi_application())
