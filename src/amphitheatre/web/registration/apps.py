from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "amphitheatre.web.registration"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from amphitheatre.web.accounts.domain.own_data import Holder, holders
        from amphitheatre.web.programme.models import Course, Session
        from amphitheatre.web.registration.domain import own_data
        from amphitheatre.web.registration.tasks import programme_changed

        holders.append(Holder("registrations", own_data.export, own_data.forget))
        for planned in (Course, Session):
            post_save.connect(programme_changed, planned)
