"""Writing a report in a real browser."""

import pytest

from tests.factories import a_built_report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_place_is_put_where_the_cursor_stands(open_page, people):
    report = a_built_report(people)
    page = open_page(f"/reports/{report.pk}/texts/effect/", person=people.methodist)
    page.fill("#id_text", "Школ у нас: .")
    page.evaluate("document.getElementById('id_text').setSelectionRange(12, 12)")
    page.click("summary:has-text('Организации')")
    page.click("[data-insert='{organizations.school}']")
    assert page.input_value("#id_text") == "Школ у нас: {organizations.school}."
    page.click("text=Сохранить текст")
    assert "Школ у нас: 1" in page.locator("main").inner_text()  # a note's number follows
    assert page.complaints == []
