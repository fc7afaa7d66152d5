"""Each role and each action of the back office.

v: view, a: add, c: change, d: delete, p: publish, x: cancel, C: record consent, D: decide, i: invite, A: appoint,
f: forget, R: send again.
"""

import pytest
from django.test import Client

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.office.rules import TABLE, may
from tests.web.conftest import client_of

ROLES = [
    AccountRole.DIRECTOR,
    AccountRole.SECRETARIAT,
    AccountRole.TECHNICIAN,
    AccountRole.INTERPRETER,
    AccountRole.MODERATOR,
    AccountRole.ADVOCATE,
    AccountRole.EDITOR,
    AccountRole.REVIEWER,
    AccountRole.COORDINATOR,
    AccountRole.SPEAKER,
    AccountRole.PARTICIPANT,
]
LETTERS = {
    "view": "v",
    "add": "a",
    "change": "c",
    "delete": "d",
    "publish": "p",
    "consent": "C",
    "decide": "D",
    "cancel": "x",
    "invite": "i",
    "forget": "f",
    "appoint": "A",
    "resend": "R",
}
#                            dir    sec    tec   int   mod   adv   edi     rev   coo  spe  par
EXPECTED = """
alliance.institution         vacd   vacd   -     -     -     -     -       -     -    -    -
alliance.membership          vacd   vacd   -     -     -     -     -       -     -    -    -
alliance.affiliation         vacd   vacd   -     -     -     -     -       -     -    -    -
programme.course             vacdpx vacdpx v     v     v     v     v       v     -    -    -
programme.session            vacdx  vacdx  v     v     v     v     v       v     -    -    -
programme.case               vacd   vacd   v     v     v     vC    v       v     -    -    -
programme.material           vd     vd     -     -     -     -     -       -     -    -    -
programme.duty               vacd   vacd   v     v     v     v     v       v     -    -    -
programme.room               vacd   vacd   vc    v     v     v     v       v     -    -    -
programme.technique          vacd   vacd   v     v     v     v     vacd    v     -    -    -
programme.phase              vacd   vacd   v     v     v     v     vacd    v     -    -    -
programme.step               vacd   vacd   v     v     v     v     vacd    v     -    -    -
studio.room                  vcd    -      vcd   -     -     -     -       -     -    -    -
studio.view                  vacd   -      vacd  -     -     -     -       -     -    -    -
studio.language              vacd   -      vacd  -     -     -     -       -     -    -    -
registration.registration    vD     vD     -     -     -     -     -       -     -    -    -
registration.capacity        vacd   vacd   -     -     -     -     -       -     -    -    -
registration.quota           vacd   vacd   -     -     -     -     -       -     -    -    -
office.person                vaciAf vaci   -     -     -     -     -       -     -    -    -
hooks.hook                   vacd   -      -     -     -     -     -       -     -    -    -
hooks.message                vR     -      -     -     -     -     -       -     -    -    -
mail.letter                  vR     vR     -     -     -     -     -       -     -    -    -
"""
ROWS = {
    row[0]: dict(zip(ROLES, row[1:], strict=True)) for row in map(str.split, EXPECTED.strip().splitlines())
}


def test_every_record_of_the_table_is_expected() -> None:
    assert ROWS.keys() == TABLE.keys()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("record", ROWS)
def test_who_may_do_what(role: AccountRole, record: str) -> None:
    app, model = record.split(".")
    granted = {letter for action, letter in LETTERS.items() if may(role, f"{app}.{action}_{model}")}
    assert granted == set(ROWS[record][role].replace("-", ""))


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.django_db
def test_whoever_is_closed_out_may_nothing(active: bool) -> None:
    person = User.objects.create_user("d@example.org", role=AccountRole.DIRECTOR, is_active=active)
    assert person.has_perm("programme.view_course") is active


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.django_db
def test_the_pages_keep_to_the_table(role: AccountRole) -> None:
    client = client_of(User.objects.create_user(f"{role}@example.org", role=role))
    for record, granted in ((name, row[role]) for name, row in ROWS.items()):
        app, model = record.split(".")
        opened = {
            letter: client.get(f"/office/snippets/{app}/{model}/{path}").status_code == 200
            for letter, path in (("v", ""), ("a", "add/"))
        }
        assert opened == {letter: letter in granted for letter in opened}, record


@pytest.mark.django_db
def test_the_office_has_no_door_of_its_own() -> None:
    for path in (
        "/office/",
        "/office/login/",
        "/office/bulk/programme/session/delete/",
        "/office/snippets/programme/course/",
    ):
        answer = Client().get(path, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")


@pytest.mark.django_db
def test_wagtails_own_pages_of_users_are_closed_even_to_whoever_made_the_house() -> None:
    first = User.objects.create_superuser("first@example.org", "a password")
    client = client_of(first)
    for path in (
        "users/",
        f"users/edit/{first.pk}/",
        "users/new/",
        "groups/",
        "sites/",
        "collections/",
        "workflows/list/",
        "pages/",
        "reports/locked/",
    ):
        assert client.get(f"/office/{path}").status_code == 404, path
    assert client.get("/office/snippets/programme/course/").status_code == 200


@pytest.mark.parametrize("role", [AccountRole.PARTICIPANT, AccountRole.COORDINATOR, AccountRole.SPEAKER])
@pytest.mark.django_db
def test_whoever_has_no_business_in_the_office_reads_so(role: AccountRole) -> None:
    client = client_of(User.objects.create_user(f"{role}@example.org", role=role))
    answer = client.get("/office/snippets/programme/course/", follow=True)
    assert answer.status_code == 403


@pytest.mark.django_db
def test_no_chooser_and_no_action_shows_people_to_those_who_may_not_see_them() -> None:
    director = User.objects.create_user("director@example.org", role=AccountRole.DIRECTOR)
    technician = client_of(User.objects.create_user("technician@example.org", role=AccountRole.TECHNICIAN))
    for path in (
        "snippets/choose/office/person/",
        "snippets/choose/office/person/results/",
        f"snippets/choose/office/person/chosen/{director.pk}/",
        f"bulk/office/person/delete/?id={director.pk}",
        "bulk/office/person/delete/?id=all",
        f"snippets/office/person/inspect/{director.pk}/",
        f"snippets/office/person/history/{director.pk}/",
        f"snippets/office/person/usage/{director.pk}/",
    ):
        answer = technician.get(f"/office/{path}", follow=True)
        assert "director@example.org" not in answer.content.decode(), path
