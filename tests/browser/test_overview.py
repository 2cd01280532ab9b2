"""The overview in a real browser: pictures are there, tables open, files come, nothing overflows a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.axe import assert_accessible
from tests.review.factory import make_registration

pytestmark = pytest.mark.browser
DECODED = "Promise.all([...document.querySelectorAll('.chart img')].map(one => one.decode()))"


@pytest.fixture
def filled(transactional_db: None) -> None:
    for days in (0, 0, 1, 2, 5, 12):
        make_registration(received_at=timezone.now() - timedelta(days=days))


@pytest.mark.parametrize("width", [1280, 360])
def test_charts_tables_and_files(page: Page, filled: None, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/overview/?period=30")
    for image in page.locator(".chart img").all():
        image.scroll_into_view_if_needed()
    page.evaluate(DECODED)  # fails where one is broken
    assert page.locator(".chart img").count() >= 3
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    chart = page.locator("section.chart").filter(has_text="Kérelmek vármegyénként")
    chart.get_by_text("Táblázat", exact=True).click()
    assert chart.get_by_role("row", name="Hajdú-Bihar").is_visible()
    assert_accessible(page)
    for name in ("CSV", "PNG", "SVG"):
        with page.expect_download() as download:
            chart.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.startswith("asp-varmegyek-")


def test_periods_and_report_by_keyboard(page: Page, filled: None) -> None:
    page.goto("/overview/")
    page.get_by_role("link", name="7 nap", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**period=7")
    assert page.get_by_role("link", name="7 nap", exact=True).get_attribute("aria-current") == "page"
    page.get_by_label("Hónap").select_option(index=1)
    page.get_by_role("button", name="Mutatás").click()
    page.wait_for_url("**period=20*")
    with page.expect_download() as download:
        page.evaluate("document.querySelector('.months a').click()")
    assert download.value.suggested_filename.endswith(".pdf")
