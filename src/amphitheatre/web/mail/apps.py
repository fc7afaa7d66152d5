from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "amphitheatre.web.mail"
    label = "mail"
