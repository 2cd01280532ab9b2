"""What the page answers where an invitation cannot be made, sent again or used."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from staff.models import Invitation
from tests.review.factory import make_user
from tests.servers.smtp_sink import Sink
from tests.staff.codes import link_in
from tests.staff.test_invitations import ACCEPT, NEW, office, send, use

__all__ = ["office"]
pytestmark = pytest.mark.django_db


def test_who_has_a_login_is_named_in_the_form(office: Client, post: Sink) -> None:
    taken = make_user("minta.bela")
    EmailAddress.objects.create(user=taken, email="minta.bela@hivatal.hu", verified=True, primary=True)
    User.objects.filter(pk=taken.pk).update(email="minta.bela@hivatal.hu")
    form = {"name": "Minta Béla", "address": "Minta.Bela@hivatal.hu", "role": "lead"}
    response = office.post(reverse("invite"), form)
    assert response.status_code == 409
    assert 'value="Minta Béla"' in response.content.decode()
    assert not Invitation.objects.exists()
    assert post.accepted == []


def test_an_invitation_is_taken_back_once(office: Client, post: Sink) -> None:
    send(office)
    address = reverse("invitation-revoke", args=[Invitation.objects.get().pk])
    told = [office.post(address, follow=True).content.decode() for _ in range(2)]
    assert ["A meghívás visszavonva: Minta Béla." in page for page in told] == [True, False]
    assert use(link_in(post.accepted[0].data)) == 410


def test_whoever_is_logged_in_cannot_use_anothers_link(office: Client, post: Sink) -> None:
    send(office)
    link = link_in(post.accepted[0].data)
    assert office.get(link).status_code == 409
    assert office.get(ACCEPT).status_code == 410
    assert use(link) == 302


def test_a_user_name_that_somebody_has_is_told_and_the_link_lives_on(office: Client, post: Sink) -> None:
    send(office)
    make_user("foglalt")
    visitor = Client()
    visitor.get(link_in(post.accepted[0].data))
    response = visitor.post(ACCEPT, {**NEW, "username": "foglalt"})
    assert response.status_code == 400
    assert visitor.post(ACCEPT, NEW).status_code == 302
    assert User.objects.filter(username=NEW["username"]).count() == 1
