from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "amphitheatre.web.programme"

    def ready(self) -> None:
        from amphitheatre.web.accounts.domain.own_data import Holder, holders
        from amphitheatre.web.programme import own_data

        holders.append(Holder("parts in sessions", own_data.export, own_data.forget))
