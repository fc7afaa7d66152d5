from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "amphitheatre.web.registration"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from amphitheatre.web.accounts.domain.own_data import Holder, holders
        from amphitheatre.web.programme.domain.readiness import rules
        from amphitheatre.web.programme.models import Course, Duty, Session
        from amphitheatre.web.registration.domain import own_data
        from amphitheatre.web.registration.domain.readiness import no_lay_audience
        from amphitheatre.web.registration.models import Capacity, Quota
        from amphitheatre.web.registration.tasks import places_changed, programme_changed

        holders.append(Holder("registrations", own_data.export, own_data.forget))
        rules.append(no_lay_audience)
        for happens in (post_save, post_delete):
            for planned in (Course, Session, Duty):
                happens.connect(programme_changed, planned)
            for limit in (Capacity, Quota):
                happens.connect(places_changed, limit)
