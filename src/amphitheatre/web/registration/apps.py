from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "amphitheatre.web.registration"
