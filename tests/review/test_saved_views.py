"""What a saved view may be called, how many there may be, and what each list calls news."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.timezone import now

from review.models import SavedView
from review.saved_views import LONGEST_NAME, MOST, ViewRefusedError, rename_view, save_view
from tests.review.factory import make_mail, make_raw, make_reply
from worker.models import Mail

pytestmark = pytest.mark.django_db


def why_not_renamed(view: SavedView, name: str) -> str:
    try:
        rename_view(view, name)
    except ViewRefusedError as error:
        return error.code
    return ""


def test_a_name_is_short_ones_own_and_no_other_views(staff: User) -> None:
    first = save_view(staff, "Heves", "tab=ready", shared=False)
    second = save_view(staff, "Nógrád", "tab=ready", shared=False)
    refused = [why_not_renamed(second, name) for name in (" ", "x" * (LONGEST_NAME + 1), " Heves\0 ", "Nógrád", "Pest")]
    assert refused == ["name", "name", "taken", "", ""]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.name, second.name) == ("Heves", "Pest")


def test_nobody_keeps_more_views_than_can_be_overlooked(page: Client, staff: User) -> None:
    SavedView.objects.bulk_create(SavedView(owner=staff, name=f"n{number}", query="") for number in range(MOST))
    text = page.post("/queue/views?tab=ready", {"name": "még egy"}, follow=True).content.decode()
    assert f"Legfeljebb {MOST} saját nézet" in text
    assert SavedView.objects.count() == MOST
    page.post("/queue/views?tab=review", {"name": "n7"})  # one of them anew
    assert SavedView.objects.get(name="n7").query == "tab=review"


@pytest.mark.parametrize("taken", ["n2", ""])
def test_a_refused_name_is_told_on_the_page(page: Client, staff: User, taken: str) -> None:
    save_view(staff, "n2", "", shared=False)
    view = save_view(staff, "n1", "", shared=False)
    text = page.post(f"/queue/views/{view.pk}", {"name": taken}, follow=True).content.decode()
    assert ("Már van ilyen nevű" in text) is (taken == "n2")
    view.refresh_from_db()
    assert view.name == "n1"


@pytest.mark.parametrize("tab", ["review", "mails", "drafts"])
def test_mails_and_letters_are_news_of_their_lists(page: Client, tab: str) -> None:
    old = make_mail(make_raw("régi"), kind="other", outcomes=["review"])
    Mail.objects.update(stored_at=now() - timedelta(days=1), decided_at=now() - timedelta(days=1))
    asked = {"tab": tab, "since": page.get(f"/?tab={tab}").context["since"], "shown": "1"}
    told = "1 új vagy megváltozott tétel"
    assert told not in page.get("/queue/news", asked).content.decode()
    if tab == "drafts":
        make_reply(old)
    else:
        new = make_mail(make_raw("új"), kind="other", outcomes=["review"])
        soon = now() + timedelta(seconds=1)
        Mail.objects.filter(pk=new.pk).update(decided_at=soon, stored_at=soon)
    assert told in page.get("/queue/news", asked).content.decode()
