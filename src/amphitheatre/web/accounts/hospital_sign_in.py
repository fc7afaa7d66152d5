"""How allauth behaves when somebody comes in by their hospital's own sign-in."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class HospitalSignIn(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Only who was invited before: a hospital opens its own people's accounts, and makes none."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """A hospital opens the account of its own address, and is tied to no other."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise PermissionDenied

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Whether the hospital may vouch for that address, whatever it says of it itself."""
        return bool(self.is_email_verified(login.provider, email))
