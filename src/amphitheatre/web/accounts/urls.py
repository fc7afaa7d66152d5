"""Pages of accounts. Nobody makes one for themselves: people are invited."""

from allauth.account import views as allauth
from django.urls import include, path, re_path

from amphitheatre.web.accounts import views

urlpatterns = [
    path("login/", allauth.login, name="account_login"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("signup/", allauth.signup, name="account_signup"),  # says that it is closed
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("email/", views.address, name="account_address"),
    path("email/<str:token>/", views.confirm_address, name="account_confirm_address"),
    path("2fa/", include("allauth.mfa.urls")),
    path("hospital/", include("allauth.socialaccount.urls")),
    path("hospital/", include("allauth.socialaccount.providers.saml.urls")),
    path("hospital/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("sessions/<int:key>/end/", views.end_session, name="account_end_session"),
    path("tokens/", views.tokens, name="account_tokens"),
    path("tokens/<int:key>/end/", views.end_token, name="account_end_token"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("profile/", views.profile, name="account_profile"),
    path("data/", views.download, name="account_data"),
    path("delete/", views.delete, name="account_delete"),
]
