from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "amphitheatre.web.accounts"
    label = "accounts"
