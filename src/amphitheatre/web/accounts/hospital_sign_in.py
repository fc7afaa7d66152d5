"""How allauth behaves when somebody comes in by their hospital's own sign-in."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest


class HospitalSignIn(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Only who was invited before: a hospital opens its own people's accounts, and makes none."""
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Whether the hospital may vouch for that address, whatever it says of it itself."""
        return bool(self.is_email_verified(login.provider, email))
