"""Colleagues: roles, closed logins, lost telephones; there is always an administrator, nobody changes themselves."""

from __future__ import annotations

import threading

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from django.urls import reverse

from staff.access import role_of
from staff.models import Access, Member
from staff.roles import Role
from staff.services.administrators import LastAdministratorError, OwnAccountError
from staff.services.change_role import change_role
from staff.services.shut_out import deactivate, reset_second_factor
from tests.review.factory import make_user
from tests.servers.smtp_sink import Sink
from tests.staff.codes import enrol, text_of
from tests.staff.conftest import PASSWORD
from worker.models import Event

DEEDS = ("member-role", "member-close", "member-open", "member-reset-factor", "member-log-out")


@pytest.fixture
def office(client: Client, boss: User) -> Client:
    """The administrator's browser, who has just shown their password."""
    client.force_login(boss)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def act(office: Client, name: str, user: User, **values: str) -> int:
    """Press a button of the person's page."""
    return office.post(reverse(name, args=[user.pk]), values).status_code


def last_event() -> tuple[str, int | None, object]:
    """What the newest event says."""
    event = Event.objects.order_by("-pk")[0]
    return event.verb, event.actor_id, event.details.get("person")


@pytest.mark.django_db
def test_what_waits_for_a_password_is_forgotten_with_the_role(client: Client, boss: User) -> None:
    fallen, accomplice = make_user("volt", role=Role.ADMINISTRATOR), make_user("tars", role=Role.READER)
    client.force_login(fallen)
    asked = client.post(reverse("member-role", args=[accomplice.pk]), {"role": "administrator"})
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    change_role(fallen, Role.READER, boss)
    assert client.post(asked.headers["Location"], {"password": PASSWORD}).status_code == 403
    assert role_of(User.objects.get(pk=accomplice.pk)) == Role.READER


@pytest.mark.django_db
def test_another_role_holds_at_once(office: Client, boss: User) -> None:
    user = make_user(role=Role.READER)
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get(reverse("handover")).status_code == 403
    assert act(office, "member-role", user, role="reviewer") == 302
    assert theirs.get(reverse("handover")).status_code == 200
    assert last_event() == ("role_changed", boss.pk, user.pk)
    assert Event.objects.order_by("-pk")[0].details["from"] == "reader"


@pytest.mark.django_db
def test_a_closed_login_is_out_at_once(office: Client, boss: User) -> None:
    user = make_user()
    theirs = Client()
    theirs.force_login(user)
    assert act(office, "member-close", user) == 302
    assert theirs.get(reverse("queue")).status_code == 302
    assert ("login_closed", boss.pk) in Event.objects.values_list("verb", "actor")
    assert act(office, "member-open", user) == 302
    assert theirs.get(reverse("queue")).status_code == 302, "its sessions stay over"
    assert theirs.post(reverse("login"), {"username": "ugyintezo", "password": PASSWORD}).status_code == 302


@pytest.mark.django_db
def test_a_lost_telephone(office: Client, boss: User, post: Sink) -> None:
    user = make_user()
    User.objects.filter(pk=user.pk).update(email="minta.marta@hivatal.hu")
    enrol(user)
    theirs = Client()
    theirs.force_login(user)
    assert act(office, "member-reset-factor", user) == 302
    assert not Authenticator.objects.filter(user=user).exists()
    assert theirs.get(reverse("queue")).status_code == 302
    assert ("second_factor_reset", boss.pk) in Event.objects.values_list("verb", "actor")
    assert post.wait_for(1)
    assert "kikapcsolták a kétlépcsős azonosítást" in " ".join(text_of(post.accepted[0].data).split())


@pytest.mark.django_db
def test_all_devices_of_a_colleague(office: Client) -> None:
    user = make_user()
    browsers = [Client(), Client()]
    for one in browsers:
        one.post(reverse("login"), {"username": "ugyintezo", "password": PASSWORD})
    assert act(office, "member-log-out", user) == 302
    assert [one.get(reverse("queue")).status_code for one in browsers] == [302, 302]
    assert office.get(reverse("queue")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", [one for one in DEEDS if one not in ("member-open", "member-log-out")])
def test_nobody_does_it_to_themselves(office: Client, boss: User, name: str) -> None:
    make_user("masik", role=Role.ADMINISTRATOR)
    enrol(boss)
    assert act(office, name, boss, role="reader") == 409
    assert role_of(User.objects.get(pk=boss.pk)) is Role.ADMINISTRATOR
    assert User.objects.get(pk=boss.pk).is_active
    assert Authenticator.objects.filter(user=boss).exists()


@pytest.mark.django_db
def test_the_last_administrator_stays(boss: User) -> None:
    gone = make_user("volt", role=Role.READER)
    with pytest.raises(LastAdministratorError):
        change_role(boss, Role.READER, gone)
    with pytest.raises(LastAdministratorError):
        deactivate(boss, gone)
    with pytest.raises(OwnAccountError):
        reset_second_factor(boss, boss)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_demote_each_other_at_once() -> None:
    pair = [make_user(name, role=Role.ADMINISTRATOR) for name in ("egyik", "masik")]
    barrier = threading.Barrier(2)

    def demote(user: User, actor: User) -> None:
        barrier.wait()
        try:
            change_role(user, Role.READER, actor)
        except LastAdministratorError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=demote, args=one) for one in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Member.objects.filter(role=Role.ADMINISTRATOR).count() == 1


@pytest.mark.django_db
def test_a_superusers_role_is_not_a_matter_of_this_page(office: Client) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD)
    assert "parancssorból" in office.get(reverse("member", args=[root.pk])).content.decode()
    assert act(office, "member-role", root, role="reader") == 409
    assert role_of(User.objects.get(pk=root.pk)) is Role.ADMINISTRATOR


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.LEAD])
def test_the_pages_are_for_administrators(client: Client, role: Role) -> None:
    user = make_user(role=role)
    client.force_login(user)
    assert client.get(reverse("people")).status_code == 403
    assert client.get(reverse("member", args=[user.pk])).status_code == 403
    for name in DEEDS:
        assert client.post(reverse(name, args=[user.pk]), {"role": "administrator"}).status_code == 403
    assert client.post(reverse("invite"), {"address": "a@b.hu", "name": "A B", "role": "reader"}).status_code == 403
    assert role_of(User.objects.get(pk=user.pk)) is role
    assert Access.objects.filter(user=user, status=403).count() == 8


@pytest.mark.django_db
def test_the_list(office: Client, boss: User, django_assert_max_num_queries: object) -> None:
    for number in range(12):
        user = make_user(f"nev{number}", name=f"Minta {number}", role=Role.READER)
        if number % 2:
            enrol(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    make_user("szerepnelkuli", name="Nincs Szerep", role=None)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        text = office.get(reverse("people")).content.decode()
    assert text.count("bekapcsolva") == 6
    assert "nincs szerepkör" in text
    assert "még nem lépett be" in text


@pytest.mark.django_db
def test_own_devices(client: Client) -> None:
    make_user()
    phone, thief = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone; like Mac OS X) Safari/604.1"), Client()
    for one in (client, phone, thief):
        one.post(reverse("login"), {"username": "ugyintezo", "password": PASSWORD})
    text = client.get(reverse("devices")).content.decode()
    assert "Safari, iPhone" in text
    assert text.count("ez az eszköz") == 1
    pk = phone.get(reverse("devices")).context["devices"][0].pk
    assert client.post(reverse("device-end", args=[pk])).status_code == 302
    assert phone.get(reverse("queue")).status_code == 302
    assert client.post(reverse("devices-end-others")).status_code == 302
    assert thief.get(reverse("queue")).status_code == 302
    assert client.get(reverse("queue")).status_code == 200


@pytest.mark.django_db
def test_nobody_ends_another_persons_device(client: Client) -> None:
    make_user()
    make_user("masik")
    theirs = Client()
    theirs.post(reverse("login"), {"username": "masik", "password": PASSWORD})
    pk = theirs.get(reverse("devices")).context["devices"][0].pk
    client.force_login(User.objects.get(username="ugyintezo"))
    assert client.post(reverse("device-end", args=[pk])).status_code == 404
    assert theirs.get(reverse("queue")).status_code == 200
