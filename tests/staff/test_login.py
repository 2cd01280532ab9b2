"""Logging in, being kept out, and forgetting one's password: nobody learns which logins there are."""

from __future__ import annotations

import re
import threading

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django.fixtures import Settings

from staff.models import Access
from tests.review.factory import make_user
from tests.servers.smtp_sink import Sink
from tests.staff.codes import link_in, text_of
from tests.staff.conftest import PASSWORD, people_settings


def log_in(client: Client, username: str = "ugyintezo", password: str = PASSWORD, address: str = "192.0.2.1") -> int:
    """The answer's status: 302 where one is in."""
    form = {"username": username, "password": password}
    return client.post(reverse("login"), form, REMOTE_ADDR=address).status_code


def pages() -> list[str]:
    """What the access log holds, in order."""
    return list(Access.objects.order_by("pk").values_list("page", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_signup", "account_email", "socialaccount_signup", "account_set_password"])
def test_what_nobody_needs_is_not_there(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.django_db
def test_a_login_is_on_record_and_gets_a_new_session_key(client: Client) -> None:
    user = make_user()
    client.get(reverse("login"))
    client.session["before"] = 1
    client.session.save()
    before = client.session.session_key
    assert log_in(client) == 302
    assert client.session.session_key != before
    row = Access.objects.get()
    assert (row.user, row.page, row.details, row.address) == (user, "login", {"by": ["password"]}, "192.0.2.1")
    client.post(reverse("logout"))
    assert pages() == ["login", "logout"]


@pytest.mark.django_db
def test_what_was_typed_is_not_kept(client: Client) -> None:
    user = make_user()
    log_in(client, password="rossz")
    log_in(client, username="titkos-jelszavam")
    known, unknown = Access.objects.order_by("pk")
    assert (known.user, known.page, known.status) == (user, "login_failed", 403)
    assert (unknown.user, unknown.page, unknown.details) == (None, "login_failed", {})
    assert "titkos" not in str([vars(row) for row in Access.objects.all()])


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["ugyintezo", "nincs-ilyen", "UGYINTEZO", "ｕgyintezo"])
def test_five_attempts_a_login_whether_it_exists_or_not(client: Client, username: str) -> None:
    make_user()
    for number in range(5):
        assert log_in(client, username, "rossz", f"192.0.2.{number}") == 200
    response = client.post(reverse("login"), {"username": username, "password": "rossz"}, REMOTE_ADDR="192.0.2.77")
    assert response.status_code == 429
    assert "átmenetileg zárolva" in response.content.decode()
    assert log_in(Client(), username.lower(), PASSWORD) == 429
    assert pages().count("login_locked") <= 2


@pytest.mark.django_db
def test_thirty_attempts_an_address_whatever_the_login(client: Client) -> None:
    make_user()
    for number in range(30):
        assert log_in(client, f"nev{number}", "rossz") == 200
    assert log_in(client) == 429
    assert log_in(client, address="192.0.2.2") == 302


@pytest.mark.django_db
def test_right_passwords_count_nothing(client: Client) -> None:
    make_user()
    assert {log_in(Client()) for _ in range(7)} == {302}


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_over_processes_at_once() -> None:
    make_user()
    statuses: list[int] = []
    barrier = threading.Barrier(8)

    def try_once() -> None:
        barrier.wait()
        statuses.append(log_in(Client(), password="rossz"))
        connections.close_all()

    threads = [threading.Thread(target=try_once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(200) <= 5
    assert statuses.count(429) >= 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM staff_cache")  # not in this process's memory
        assert cursor.fetchone()[0] > 0


@pytest.mark.django_db
def test_unknown_wrong_and_closed_logins_read_the_same(client: Client) -> None:
    make_user()
    User.objects.filter(pk=make_user("lezart").pk).update(is_active=False)
    told = set()
    for username, password in (("ugyintezo", "rossz"), ("nincs-ilyen", "rossz"), ("lezart", "rossz")):
        page = Client().post(reverse("login"), {"username": username, "password": password}).content.decode()
        told.add(page.replace(username, "").split("<main")[1].split("csrfmiddlewaretoken")[0])
    assert len(told) == 1


@pytest.mark.django_db
def test_a_closed_login_stays_outside_with_the_right_password(client: Client) -> None:
    User.objects.filter(pk=make_user().pk).update(is_active=False)
    response = client.post(reverse("login"), {"username": "ugyintezo", "password": PASSWORD}, follow=True)
    assert "le van zárva" in response.content.decode()
    assert client.get(reverse("queue")).status_code == 302


@pytest.mark.django_db
def test_whoever_has_no_role_comes_to_their_own_page(client: Client) -> None:
    make_user(role=None)
    response = client.post(reverse("login"), {"username": "ugyintezo", "password": PASSWORD}, follow=True)
    assert response.status_code == 200
    assert "még nem tartozik szerepkör" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://gonosz.hu/", "//gonosz.hu", "javascript:alert(1)"])
def test_nobody_is_led_to_another_host(client: Client, target: str) -> None:
    make_user()
    form = {"username": "ugyintezo", "password": PASSWORD, "next": target}
    assert client.post(reverse("login"), form).headers["Location"] == "/"


@pytest.mark.django_db
def test_a_forgotten_password(client: Client, post: Sink) -> None:
    user = make_user()
    User.objects.filter(pk=user.pk).update(email="minta.marta@hivatal.hu")
    elsewhere = Client()
    elsewhere.force_login(User.objects.get())
    client.post(reverse("account_reset_password"), {"email": "Minta.Marta@hivatal.hu"})
    assert post.wait_for(1)
    text = text_of(post.accepted[0].data)
    assert "Tisztelt Minta Márta!" in text
    assert "az ugyintezo nevű" in text
    link = link_in(post.accepted[0].data)
    page = client.get(link, follow=True)
    key = link.rpartition("-")[2]
    assert key not in str(page.request["PATH_INFO"])
    new = {"password1": "vasalo-felho-korte", "password2": "vasalo-felho-korte"}
    assert client.post(page.request["PATH_INFO"], new).status_code == 302
    assert log_in(client, password="vasalo-felho-korte") == 302
    assert elsewhere.get(reverse("queue")).status_code == 302, "the old sessions are over"
    assert "nem használható" in Client().get(link).content.decode(), "once only"
    assert "password_reset" in pages()
    assert post.wait_for(2)
    assert "új jelszót adtak meg" in text_of(post.accepted[1].data)


@pytest.mark.django_db
def test_the_answer_is_the_same_for_an_address_that_nobody_has(client: Client, post: Sink) -> None:
    make_user()
    User.objects.update(email="minta.marta@hivatal.hu")
    answers = [
        client.post(reverse("account_reset_password"), {"email": address}, follow=True)
        for address in ("minta.marta@hivatal.hu", "senki@hivatal.hu")
    ]
    assert post.wait_for(1)
    said = {re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", one.content.decode()) for one in answers}
    assert len(said) == 1
    assert {one.recipients for one in post.accepted} == {("minta.marta@hivatal.hu",)}


@pytest.mark.django_db
def test_the_letters_link_names_the_configured_address(client: Client, post: Sink, settings: Settings) -> None:
    make_user()
    User.objects.update(email="minta.marta@hivatal.hu")
    settings.PEOPLE = people_settings(public_url="https://oktatas.hivatal.hu")
    client.post(reverse("account_reset_password"), {"email": "minta.marta@hivatal.hu"}, HTTP_HOST="localhost")
    assert post.wait_for(1)
    assert "https://oktatas.hivatal.hu/password/new/" in text_of(post.accepted[0].data)


@pytest.mark.django_db
def test_another_password(client: Client, post: Sink) -> None:
    user = make_user()
    User.objects.update(email="minta.marta@hivatal.hu")
    elsewhere = Client()
    elsewhere.force_login(User.objects.get())
    log_in(client)
    before = client.session.session_key
    form = {"oldpassword": PASSWORD, "password1": "vasalo-felho-korte", "password2": "vasalo-felho-korte"}
    assert client.post(reverse("password"), form).headers["Location"] == reverse("own-account")
    user.refresh_from_db()
    assert user.check_password("vasalo-felho-korte")
    assert client.session.session_key != before
    assert client.get(reverse("queue")).status_code == 200
    assert elsewhere.get(reverse("queue")).status_code == 302
    assert "password_changed" in pages()


@pytest.mark.django_db
def test_passwords_may_be_closed_but_for_a_superuser(client: Client, settings: Settings) -> None:
    make_user()
    User.objects.create_superuser("rendszergazda", password=PASSWORD)
    settings.PEOPLE = people_settings(password_login=False)
    assert log_in(client) == 200
    assert pages() == ["login_failed"]
    assert client.get(reverse("account_reset_password")).status_code == 404
    assert "Elfelejtettem" not in client.get(reverse("login")).content.decode()
    assert log_in(client, "rendszergazda") == 302


def test_the_page_stands_on_the_database_cache_and_one_backend() -> None:
    assert str(django_settings.CACHES["default"]["BACKEND"]).endswith("DatabaseCache")
    assert len(django_settings.AUTHENTICATION_BACKENDS) == 1
