"""A letter, a link, one login: once, within three days, with the role that was meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from staff.access import role_of
from staff.models import Invitation
from staff.roles import Role
from staff.services.accept_invitation import InvitationGoneError, accept_invitation
from staff.services.change_role import change_role
from staff.services.invite import AddressTakenError, find_invitation, invite, open_invitations, revoke, send_again
from staff.services.shut_out import deactivate
from tests.review.factory import make_user
from tests.servers.smtp_sink import Sink
from tests.staff.codes import link_in, text_of
from tests.staff.conftest import PASSWORD
from worker.models import Event

pytestmark = pytest.mark.django_db
ACCEPT = "/invitation"
NEW = {"username": "minta.bela", "password1": "vasalo-felho-korte", "password2": "vasalo-felho-korte"}


@pytest.fixture
def office(client: Client, boss: User) -> Client:
    """The administrator's browser, who has just shown their password."""
    client.force_login(boss)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def send(office: Client, **values: str) -> int:
    """Fill in the invitation form; the answer's status."""
    form = {"name": "Minta Béla", "address": "minta.bela@hivatal.hu", "role": "lead", **values}
    return office.post(reverse("invite"), form).status_code


def use(link: str, **values: str) -> int:
    """Open the link and make the login; the answer's status."""
    visitor = Client()
    visitor.get(link)
    return visitor.post(ACCEPT, {**NEW, **values}).status_code


def test_whose_login_was_closed_may_be_invited_anew(office: Client, post: Sink) -> None:
    send(office)
    assert use(link_in(post.accepted[0].data)) == 302
    User.objects.filter(username="minta.bela").update(is_active=False)
    assert send(office) == 302
    assert use(link_in(post.accepted[1].data), username="minta.bela2") == 302
    assert EmailAddress.objects.get().user.username == "minta.bela2"


def test_from_the_form_to_the_first_login(office: Client, post: Sink, boss: User) -> None:
    assert send(office) == 302
    [letter] = post.accepted
    assert letter.recipients == ("minta.bela@hivatal.hu",)
    text = text_of(letter.data)
    assert "Tisztelt Minta Béla!" in text
    assert "Vezető Vera meghívta" in text
    assert "vezető ügyintéző" in text
    visitor = Client()
    link = link_in(letter.data)
    page = visitor.get(link, follow=True)
    assert page.request["PATH_INFO"] == ACCEPT
    assert "Minta Béla" in page.content.decode()
    response = visitor.post(ACCEPT, NEW)
    assert response.headers["Location"] == reverse("own-account")
    user = User.objects.get(username="minta.bela")
    assert (role_of(user), user.email, user.last_name, user.first_name) == (
        Role.LEAD,
        "minta.bela@hivatal.hu",
        "Minta",
        "Béla",
    )
    assert EmailAddress.objects.get(user=user).verified
    assert visitor.get(reverse("queue")).status_code == 200
    assert list(Event.objects.order_by("pk").values_list("verb", "actor")) == [
        ("invited", boss.pk),
        ("invitation_accepted", user.pk),
        ("role_changed", boss.pk),
    ]


def test_the_secret_is_kept_nowhere(office: Client, post: Sink) -> None:
    send(office)
    secret = link_in(post.accepted[0].data).rpartition("/")[2]
    row = Invitation.objects.get()
    assert secret not in str(vars(row))
    assert find_invitation(secret) == row


def test_once_only(office: Client, post: Sink) -> None:
    send(office)
    link = link_in(post.accepted[0].data)
    late = Client()
    late.get(link)
    use(link)
    assert Client().get(link).status_code == 410
    assert late.post(ACCEPT, {**NEW, "username": "masik"}).status_code == 410
    assert not User.objects.filter(username="masik").exists()


def test_two_at_the_same_moment_make_one_login(office: Client, post: Sink) -> None:
    send(office)
    row = Invitation.objects.get()
    accept_invitation(row, "elso", "vasalo-felho-korte")
    with pytest.raises(InvitationGoneError):
        accept_invitation(row, "masodik", "vasalo-felho-korte")
    assert not User.objects.filter(username="masodik").exists()


def test_mail_filters_that_open_the_link_use_nothing_up(office: Client, post: Sink) -> None:
    send(office)
    link = link_in(post.accepted[0].data)
    for _ in range(3):
        assert Client().get(link, follow=True).status_code == 200
        assert Client().head(link).status_code == 302
    assert use(link) == 302


@pytest.mark.parametrize("end", ["expired", "revoked", "again"])
def test_dead_links(office: Client, post: Sink, boss: User, end: str) -> None:
    send(office)
    row, link = Invitation.objects.get(), link_in(post.accepted[0].data)
    if end == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "revoked":
        assert revoke(row, boss)
    else:
        assert send_again(row, boss, lambda *_: True)
    response = Client().get(link)
    assert response.status_code == 410
    assert "nem használható" in response.content.decode()
    assert use(link) == 410


def test_the_letter_again_brings_a_new_link(office: Client, post: Sink) -> None:
    send(office)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    office.post(reverse("invitation-again", args=[Invitation.objects.get().pk]))
    assert use(link_in(post.accepted[1].data)) == 302


def test_a_second_invitation_of_an_address_ends_the_first(office: Client, post: Sink) -> None:
    send(office)
    send(office, role="reader")
    assert Client().get(link_in(post.accepted[0].data)).status_code == 410
    use(link_in(post.accepted[1].data))
    assert role_of(User.objects.get(username="minta.bela")) is Role.READER


def test_whoever_has_a_login_is_not_invited(boss: User) -> None:
    User.objects.filter(pk=boss.pk).update(email="Vezeto@hivatal.hu")
    with pytest.raises(AddressTakenError):
        invite("vezeto@hivatal.hu", "Vezető Vera", Role.READER, None, lambda *_: True)


def test_a_letter_that_does_not_go_out_is_told(office: Client, post: Sink) -> None:
    post.order("DOT", "554 5.7.1 no")
    send(office)
    page = office.get(reverse("people")).content.decode()
    assert "a levél nem ment el" in page
    assert Invitation.objects.get().sent_at is None


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"username": "VEZETO"}, "már foglalt"),
        ({"password2": "masik-jelszo-12"}, "nem egyezik"),
        ({"password1": "rövid", "password2": "rövid"}, "túl rövid"),
        ({"password1": "hosszú" * 22, "password2": "hosszú" * 22}, "legfeljebb 128"),
        ({"password1": "password1234", "password2": "password1234"}, "túlságosan gyakori"),
        ({"password1": "minta.bela@hivatal", "password2": "minta.bela@hivatal"}, "hasonlít"),
        ({"username": "rossz név!"}, "érvényes felhasználónevet"),
    ],
)
def test_what_is_refused_is_told(office: Client, post: Sink, values: dict[str, str], told: str) -> None:
    send(office)
    visitor = Client()
    visitor.get(link_in(post.accepted[0].data))
    response = visitor.post(ACCEPT, {**NEW, **values})
    assert response.status_code == 400
    assert told in response.content.decode()
    assert Invitation.objects.get().used_at is None


@pytest.mark.parametrize("address", ["nem cím", "ketto@a.hu, harom@b.hu", "sor@vege.hu\r\nBcc: x@y.hu"])
def test_addresses_that_are_none_are_refused(office: Client, post: Sink, address: str) -> None:
    assert send(office, address=address) == 400
    assert post.accepted == []


def test_inviting_asks_for_the_password_first_and_goes_on_then(client: Client, boss: User, post: Sink) -> None:
    client.force_login(boss)
    form = {"name": "Minta Béla", "address": "minta.bela@hivatal.hu", "role": "reader"}
    asked = client.post(reverse("invite"), form)
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not Invitation.objects.exists()
    client.post(asked.headers["Location"], {"password": PASSWORD, "next": reverse("invite")})
    assert Invitation.objects.get().role == "reader"


def test_whoever_never_came_is_forgotten(boss: User) -> None:
    def nobody(*_: object) -> bool:
        return True

    invite("egyik@hivatal.hu", "Minta Egyik", Role.READER, boss, nobody)
    invite("masik@hivatal.hu", "Minta Másik", Role.READER, boss, nobody)
    Invitation.objects.filter(address="egyik@hivatal.hu").update(expires_at=timezone.now() - timedelta(days=91))
    invite("harmadik@hivatal.hu", "Minta Harmadik", Role.READER, boss, nobody)
    assert set(Invitation.objects.values_list("address", flat=True)) == {"masik@hivatal.hu", "harmadik@hivatal.hu"}


@pytest.mark.parametrize("end", [lambda one, boss: change_role(one, Role.LEAD, boss), deactivate])
def test_whoever_may_invite_no_more_has_invited_nobody(boss: User, end: Callable[[User, User], None]) -> None:
    fallen = make_user("volt", role=Role.ADMINISTRATOR)
    for address, inviter in (("egyik@hivatal.hu", fallen), ("masik@hivatal.hu", boss)):
        invite(address, "Minta Minta", Role.ADMINISTRATOR, inviter, lambda *_: True)
    end(fallen, boss)
    assert [one.address for one in open_invitations()] == ["masik@hivatal.hu"]
    assert Event.objects.get(verb="invitation_revoked").actor == boss


def test_a_password_just_shown_at_the_login_is_not_asked_for_again(client: Client, boss: User, post: Sink) -> None:
    client.post(reverse("login"), {"username": boss.username, "password": PASSWORD})
    form = {"name": "Minta Béla", "address": "minta.bela@hivatal.hu", "role": "reader"}
    assert client.post(reverse("invite"), form).headers["Location"] == reverse("people")
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 601
    session.save()
    asked = client.post(reverse("invite"), form | {"address": "masik@hivatal.hu"})
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert Invitation.objects.count() == 1
