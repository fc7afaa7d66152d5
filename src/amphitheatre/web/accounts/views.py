"""Pages of accounts that allauth does not have."""

import json
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from amphitheatre.web.accounts.domain import addresses, invitations, own_data
from amphitheatre.web.accounts.domain.tokens import new_token
from amphitheatre.web.accounts.forms import AddressForm, PasswordForm, ProfileForm, TokenForm


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None, *_: Any, **__: Any
) -> HttpResponse:
    """429: too many wrong passwords (django-axes). Says nothing about whether the account exists."""
    return render(request, "account/locked_out.html", status=429)


@sensitive_post_parameters("password")
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at it uses nothing up: mail programs open links before people do."""
    try:
        person = invitations.invited(token)
        form = PasswordForm(request.POST or None, person=person)
        if request.method != "POST" or not form.is_valid():
            status = 400 if form.errors else 200
            return render(request, "account/invitation.html", {"form": form, "person": person}, status=status)
        person = invitations.accept(token, form.cleaned_data["password"])
    except invitations.SpentError:
        return render(request, "account/invitation_spent.html", status=410)
    return perform_login(request, person, email=person.email)


@login_required
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account_profile")
    return render(request, "account/profile.html", {"form": form}, status=400 if form.errors else 200)


@reauthentication_required
@never_cache
def address(request: HttpRequest) -> HttpResponse:
    """Asks for another address, which counts once a letter to it was followed."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if addresses.ask(request.user, form.cleaned_data["email"]):
            # The same for an address that is somebody's: who has an account is nobody's business.
            said = _("If the address can be yours, a letter is on its way: follow the link in it.")
            messages.success(request, said)
        else:
            messages.error(request, _("That was often enough for one day. Try again tomorrow."))
        return redirect("account_profile")
    return render(request, "account/address.html", {"form": form}, status=400 if form.errors else 200)


@login_required
@never_cache
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever is signed in to that account: the letter may have gone to a stranger.

    Looking at it changes nothing: mail programs open links before people do.
    """
    try:
        if request.method == "POST":
            addresses.confirm(request.user, token, request.session.session_key or "")
            messages.success(request, _("Saved."))
            return redirect("account_profile")
        _person, wanted = addresses.asked(token)
    except addresses.StaleError:
        return render(request, "account/address_confirm.html", status=410)
    return render(request, "account/address_confirm.html", {"wanted": wanted})


@login_required
@require_POST
def end_session(request: HttpRequest, key: int) -> HttpResponse:
    """Signs one other device out."""
    get_object_or_404(UserSession, pk=key, user=request.user).end()
    messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")


@reauthentication_required
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """Programs that act for the person; a new token is shown this once."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        secret, form = new_token(request.user, **form.cleaned_data), TokenForm()
    context = {"form": form, "secret": secret, "tokens": request.user.tokens.all(), "now": timezone.now()}
    return render(request, "account/tokens.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def end_token(request: HttpRequest, key: int) -> HttpResponse:
    """At once, and without asking for the password: what is lost must be closed quickly."""
    get_object_or_404(request.user.tokens, pk=key).delete()
    messages.success(request, _("The token is of no use any more."))
    return redirect("account_tokens")


@reauthentication_required
@never_cache
def download(request: HttpRequest) -> HttpResponse:
    """All that is kept of the person, as JSON."""
    text = json.dumps(own_data.export(request.user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    name = {"Content-Disposition": 'attachment; filename="amphitheatre.json"'}
    return HttpResponse(text + "\n", content_type="application/json; charset=utf-8", headers=name)


@reauthentication_required
@never_cache
def delete(request: HttpRequest) -> HttpResponse:
    """Asks once, then deletes the account."""
    if request.method != "POST":
        return render(request, "account/delete.html")
    person = request.user
    logout(request)
    own_data.forget(person)
    messages.success(request, _("Your account and what was kept of you are deleted."))
    return redirect("room-list")
