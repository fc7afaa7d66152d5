from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "amphitheatre.web.office"
    label = "office"

    def ready(self) -> None:
        from amphitheatre.web.accounts.domain.own_data import Holder, holders
        from amphitheatre.web.office import own_data

        holders.append(Holder("back office", own_data.export, own_data.forget))
