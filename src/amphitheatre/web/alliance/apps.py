from django.apps import AppConfig


class AllianceConfig(AppConfig):
    name = "amphitheatre.web.alliance"

    def ready(self) -> None:
        from amphitheatre.web.accounts.domain.own_data import Holder, holders
        from amphitheatre.web.alliance import own_data

        holders.append(Holder("institutions", own_data.export, own_data.forget))
