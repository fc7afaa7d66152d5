from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "amphitheatre.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import password_reset

        from amphitheatre.web.accounts.domain.addresses import proved

        password_reset.connect(lambda user, **_: proved(user), weak=False, dispatch_uid="address-proved")
