"""The overview's pages and files: for every role, with a fixed number of queries, and no person in them."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from review.overview.charts import CHARTS
from review.overview.drawing import LOOKS, written
from review.overview.periods import find_period, month_of
from review.overview.sums import add_up, median_answer, share_agreed
from staff.roles import Role
from tests.review.factory import make_registration, make_user
from worker.services.roll_up import roll_up

TODAY = date(2026, 11, 23)


class TestPeriods:
    @pytest.mark.parametrize(
        ("slug", "first", "last", "before"),
        [
            ("today", TODAY, TODAY, (date(2026, 11, 22), date(2026, 11, 22))),
            ("7", date(2026, 11, 17), TODAY, (date(2026, 11, 10), date(2026, 11, 16))),
            ("90", date(2026, 8, 26), TODAY, (date(2026, 5, 28), date(2026, 8, 25))),
            ("month", date(2026, 11, 1), TODAY, (date(2026, 10, 1), date(2026, 10, 23))),
            ("2026-10", date(2026, 10, 1), date(2026, 10, 31), (date(2026, 9, 1), date(2026, 9, 30))),
            ("2026-02", date(2026, 2, 1), date(2026, 2, 28), (date(2026, 1, 1), date(2026, 1, 31))),
        ],
    )
    def test_each_with_the_one_before(self, slug: str, first: date, last: date, before: tuple[date, date]) -> None:
        period = find_period(slug, TODAY)
        assert (period.first, period.last) == (first, last)
        assert (period.before.first, period.before.last) == before

    @pytest.mark.parametrize("slug", ["", "nincs", "2027-01", "2026-13", "-1"])
    def test_anything_else_is_thirty_days(self, slug: str) -> None:
        assert find_period(slug, TODAY).slug == "30"

    def test_long_ones_have_a_column_a_week(self) -> None:
        assert len(find_period("30", TODAY).columns) == 30
        weeks = find_period("90", TODAY).columns
        assert len(weeks) == 14
        assert sum(map(len, weeks)) == 90


def test_sums_and_what_is_said_of_them() -> None:
    one = {
        "answers": {"worker": {"60": 2}, "staff": {"later": 1}},
        "queue": {"ready": {"1": 9}},
        "decisions": {"agreed": 3},
    }
    other = {
        "answers": {"worker": {"60": 1}},
        "queue": {"ready": {"1": 4}},
        "decisions": {"corrected": 1, "by_hand": 7},
    }
    total = add_up([one, other])
    assert total["answers"] == {"worker": {"60": 3}, "staff": {"later": 1}}
    assert total["queue"] == {"ready": {"1": 4}}
    assert median_answer(total) == "60"
    assert median_answer({}) is None
    assert share_agreed(total) == 75


@pytest.mark.parametrize(
    ("value", "words"), [(None, "–"), (0, "0"), (1234, "1234"), (12345, "12\u00a0345"), (33.34, "33,3"), (50.0, "50")]
)
def test_numbers_as_hungarian_writes_them(value: float | None, words: str) -> None:
    assert written(value) == words


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def client(self, client: Client) -> Client:
        client.force_login(make_user(role=Role.READER))
        for days in (0, 1, 3, 40):
            make_registration(received_at=timezone.now() - timedelta(days=days))
        roll_up(most=1000)
        return client

    def test_every_chart_has_its_picture_table_and_files(self, client: Client) -> None:
        page = client.get("/overview/").content.decode()
        for slug in ("arrivals", "counties", "queue"):
            assert f"/overview/pictures/{slug}.svg?period=30&amp;look=light&amp;frame=wide" in page
            assert f"/overview/tables/{slug}.csv?period=30" in page
        assert "Hajdú-Bihar" in page
        assert "Kovács" not in page

    @pytest.mark.parametrize("period", ["today", "7", "30", "90", "month"])
    def test_the_number_of_queries_is_fixed(
        self, client: Client, period: str, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client.get("/overview/", {"period": period})
        with django_assert_max_num_queries(16):
            client.get("/overview/", {"period": period})

    @pytest.mark.parametrize("slug", CHARTS)
    @pytest.mark.parametrize("look", LOOKS)
    def test_pictures_are_whole_and_fetch_nothing(self, client: Client, slug: str, look: str) -> None:
        answer = client.get(f"/overview/pictures/{slug}.svg", {"look": look, "frame": "small"})
        assert answer["Content-Type"] == "image/svg+xml"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        tree = etree.fromstring(answer.content)
        assert not tree.findall(".//{*}script")
        links = [
            str(value) for node in tree.iter() for name, value in node.attrib.items() if str(name).endswith("href")
        ]
        assert all(link.startswith("#") for link in links)

    def test_pictures_as_png_and_what_there_is_not(self, client: Client) -> None:
        answer = client.get("/overview/pictures/arrivals.png", {"download": "1"})
        assert answer.content.startswith(b"\x89PNG")
        assert "asp-beerkezes-" in answer["Content-Disposition"]
        for address in ("arrivals.pdf", "nincs.svg", "arrivals.svg?look=pink", "arrivals.svg?frame=huge"):
            assert client.get(f"/overview/pictures/{address}").status_code == 404

    def test_the_table_as_csv(self, client: Client) -> None:
        answer = client.get("/overview/tables/counties.csv", {"period": "7"})
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert rows[0] == ["Vármegye", "ebben az időszakban", "az előző időszakban"]
        assert rows[1] == ["Hajdú-Bihar", "3", "0"]

    def test_the_report_has_real_text_a_title_and_page_numbers(self, client: Client) -> None:
        month = month_of(timezone.localdate()).slug
        answer = client.get(f"/overview/reports/{month}.pdf")
        assert answer["Content-Type"] == "application/pdf"
        with pypdfium2.PdfDocument(answer.content) as document:
            texts = []
            for page in document:
                texts.append(page.get_textpage().get_text_bounded())
                page.close()
            assert document.get_metadata_value("Title").startswith("Havi jelentés – ")
        words = "\n".join(texts)
        assert "Összefoglaló" in words
        assert "Első levélre hiánytalan kérelem" in words  # ő is in the font
        assert f"1. oldal, összesen {len(texts)}" in words
        assert "Kovács" not in words
        assert b"/Lang (hu-HU)" in answer.content
        assert client.get("/overview/reports/2199-01.pdf").status_code == 404

    def test_the_command(self, client: Client, tmp_path: Path) -> None:
        month = month_of(timezone.localdate()).slug
        call_command("report", "--month", month, "-o", str(tmp_path / "report.pdf"))
        assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
        with pytest.raises(CommandError, match="no month"):
            call_command("report", "--month", "2199-01", "-o", str(tmp_path / "x.pdf"))

    def test_whoever_has_no_role_sees_nothing(self) -> None:
        client = Client()
        assert client.get("/overview/").status_code == 302
        client.force_login(make_user("senki", role=None))
        for address in ("", "pictures/arrivals.svg", "tables/arrivals.csv", "reports/2026-10.pdf"):
            assert client.get(f"/overview/{address}").status_code == 403


@pytest.mark.django_db
def test_days_before_the_first_mail_are_no_gaps(client: Client) -> None:
    client.force_login(make_user(role=Role.READER))
    assert "összesítése" not in client.get("/overview/").content.decode()
    came = timezone.now() - timedelta(days=3)
    make_registration(received_at=came)
    assert "3 nap összesítése még hiányzik" in client.get("/overview/").content.decode()
    roll_up()
    assert "összesítése" not in client.get("/overview/").content.decode()
