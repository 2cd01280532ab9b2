"""Which pages are measured: every list, searches, filters, deep pages, a case, a mail, and what the menu leads to."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from registry.models import Registration
from review.knowledge import get_catalogue
from review.tabs import TABS
from worker.clock import database_now
from worker.models import Mail

SEARCHES = {
    "common word": "regisztráció",
    "common beginning": "ker",
    "two letters": "ko",
    "a name": "kovács",
    "full name": "kovacs anna",
    "rare word": "szélmalom",
    "no hit": "xylofonista",
    "PIR": "740123",
    "address": "kovacs.anna@",
    "eight words": "kovács anna adó irat jegyző új portál kérem",
}
MENU = ("handover", "preview", "overview", "municipalities", "clerks", "accounts", "modules", "log", "rule-desk")


def addresses() -> dict[str, str]:
    """What is measured → its address."""
    pages = {f"list {tab.slug}": f"/?tab={tab.slug}" for tab in TABS}
    for name, words in SEARCHES.items():
        pages |= {f"search {name}, {tab}": f"/?tab={tab}&q={words}" for tab in ("ready", "closed", "mails")}
    pages |= {"search a name, review": "/?tab=review&q=kovács", "search a name, drafts": "/?tab=drafts&q=kovács"}
    rare, common = get_catalogue().modules[-1].id, get_catalogue().modules[0].id
    for tab in ("ready", "closed"):
        pages |= {
            f"filter county, {tab}": f"/?tab={tab}&county=Heves",
            f"filter common module, {tab}": f"/?tab={tab}&module={common}",
            f"filter rare module, {tab}": f"/?tab={tab}&module={rare}",
            f"filter county and rare module, {tab}": f"/?tab={tab}&county=Heves&module={rare}",
            f"filter mine, {tab}": f"/?tab={tab}&who=me",
            f"filter nobody's, {tab}": f"/?tab={tab}&who=none",
            f"filter older than a week, {tab}": f"/?tab={tab}&age=7",
            f"filter today, {tab}": f"/?tab={tab}&age=today",
            f"by name, {tab}": f"/?tab={tab}&sort=name",
            f"by place, {tab}": f"/?tab={tab}&sort=municipality",
        }
    pages |= {"filter problem, incomplete": "/?tab=incomplete&problem=pir_missing"}
    pages |= {
        "filter has account, ready": "/?tab=ready&account=yes",
        "filter no account, ready": "/?tab=ready&account=no",
    }
    return pages | _deep() | _things() | _menu()


def _deep() -> dict[str, str]:
    pages = {}
    for tab, statuses in (("ready", ("ready",)), ("closed", ("exported", "registered"))):
        rows = Registration.objects.filter(status__in=statuses).order_by("created_at")
        middle = rows.values_list("pk", flat=True)[rows.count() // 2]
        for sort in ("oldest", "name"):
            address = f"/?tab={tab}&sort={sort}&part=registrations"
            pages[f"page in the middle by {sort}, {tab}"] = f"{address}&after={middle}"
            pages[f"backwards from the middle by {sort}, {tab}"] = f"{address}&before={middle}"
            pages[f"last page by {sort}, {tab}"] = f"{address}&end=1"
    mails = Mail.objects.order_by("received_at").values_list("pk", flat=True)
    pages["page in the middle, mails"] = f"/?tab=mails&part=mails&after={mails[mails.count() // 2]}"
    return pages


def _things() -> dict[str, str]:
    # the same ones of a larger ledger as of a smaller: a case asks what its own story gives reason to
    requests = Registration.objects.order_by("pk").values_list("pk", flat=True)
    place, closed = (requests.filter(status=one)[0] for one in ("ready", "exported"))
    other = Mail.objects.filter(kind="other").order_by("pk").values_list("pk", flat=True)[0]
    since = database_now().isoformat().replace("+", "%2B")
    return {
        "case, ready": f"/registrations/{place}?tab=ready",
        "case, closed": f"/registrations/{closed}?tab=closed",
        "case, from a search": f"/registrations/{place}?tab=ready&q=kovács",
        "mail": f"/mails/{other}",
        "mail, link to a case": f"/mails/{other}/link?q=kovács",
        "news of ready": f"/queue/news?tab=ready&since={since}&shown=1",
        "news of mails": f"/queue/news?tab=mails&since={since}&shown=1",
    }


def _menu() -> dict[str, str]:
    found = {}
    for name in MENU:
        try:
            found[f"page {name}"] = reverse(name)
        except NoReverseMatch:
            continue  # not every release has every page
    return found
