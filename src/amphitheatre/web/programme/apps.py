from django.apps import AppConfig
from django.db.models.signals import post_delete


class ProgrammeConfig(AppConfig):
    name = "amphitheatre.web.programme"

    def ready(self) -> None:
        from amphitheatre.web.accounts.domain.own_data import Holder, holders
        from amphitheatre.web.programme import own_data
        from amphitheatre.web.programme.domain.materials import forget_file
        from amphitheatre.web.programme.models import Material

        post_delete.connect(forget_file, sender=Material)
        holders.append(Holder("programme", own_data.export, own_data.forget))
