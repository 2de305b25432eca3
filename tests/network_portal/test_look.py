"""The gallery in a real browser: five themes, phone and desk, large text, keyboard, dialog."""

import pytest

from tests.browser import COLOURS, RULES, THEMES, overflow, violations, wear

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GALLERY = "/manage/gallery/?toast=1"
LOOKS = (
    (320, {}),
    (320, {"size": "l"}),
    (390, {"size": "l"}),
    (390, {"size": "xxl"}),
    (683, {"size": "xxl"}),
    (1366, {"size": "xxl"}),
    (390, {"spacing": "wide"}),
    (1366, {"size": "xl", "colours": "wb", "spacing": "wide"}),
)


@pytest.mark.parametrize("width", [390, 1366])
def test_every_theme_is_accessible(stills_of, people, width):
    page, found, grounds = stills_of(people.methodist, width), {}, set()
    page.goto(GALLERY)
    for theme in THEMES:
        wear(page, colours=theme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        found[theme] = violations(page, COLOURS if found else RULES)
    assert found == {theme: [] for theme in THEMES}
    assert page.complaints == []
    assert len(grounds) == len(THEMES)


def test_pages_for_everyone_are_accessible(stills_of, people):
    page, found = stills_of(None, 390), {}
    for address in ("/view/", "/help/", "/privacy/", "/accessibility/", "/nothing/"):
        page.goto(address)
        if bad := violations(page):
            found[address] = bad
    assert found == {}


def test_nothing_is_cut_off(open_page, people):
    page, found = open_page(GALLERY, 1366, "", people.methodist), {}
    for width, look in LOOKS:
        page.set_viewport_size({"width": width, "height": 844})
        wear(page, **look)
        closed = overflow(page)
        page.click("summary.tool")
        if fault := closed or overflow(page):
            found[width, str(look)] = fault
        page.click("summary.tool")
    assert found == {}


def test_focus_is_visible_and_never_under_the_bottom_bar(open_page, people):
    page = open_page("/manage/gallery/", 390, "", people.methodist)
    hidden = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => { const e = document.activeElement, b = e.getBoundingClientRect();
            const bar = document.querySelector('.tabbar').getBoundingClientRect();
            const inBar = !!e.closest('.tabbar');
            const ring = getComputedStyle(e).outlineStyle;
            return [e.outerHTML.slice(0, 80), !inBar && b.bottom > bar.top + 1, ring]; }"""
        )
        if focus[1] or focus[2] == "none":
            hidden.append(focus)
    assert hidden == []


def test_the_first_stop_skips_to_the_content(open_page, people):
    page = open_page("/help/", 390)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_dangerous_step_opens_as_a_dialog_and_gives_the_focus_back(open_page, people):
    page = open_page("/manage/gallery/", 1366, "", people.methodist)
    page.click("a[data-dialog]")
    page.wait_for_selector("dialog[open] h1")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Удалить семинар"


def test_the_same_step_is_a_page_without_scripts(open_page, people):
    page = open_page("/manage/gallery/", 1366, "", people.methodist, scripts=False)
    page.click("a[data-dialog]")
    assert page.url.endswith("/manage/gallery/confirm/")
    assert page.text_content("h1") == "Удалить семинар 24 ноября?"


def test_a_bad_form_moves_the_focus_to_its_summary(open_page, people):
    page = open_page("/manage/gallery/", 390, "", people.methodist)
    page.click("text=Опубликовать")
    page.wait_for_selector("#errors")
    assert page.evaluate("document.activeElement.id") == "errors"
    page.click("#errors a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_title"
    assert violations(page) == []


def test_a_file_over_the_limit_is_refused_before_it_is_sent(open_page, people, tmp_path):
    page = open_page("/manage/gallery/", 390, "", people.methodist)
    page.eval_on_selector("[data-drop]", "e => { e.dataset.limit = '1048576'; }")
    page.click("text=Ещё >> nth=-1")
    big = {"name": "урок.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2_000_000}
    page.set_input_files("#id_paper", [big])
    assert "Файл 2 МБ, а можно до 1" in page.text_content("[data-files]")
    assert page.input_value("#id_paper") == ""
    page.set_input_files("#id_paper", [{**big, "buffer": b"x" * 900_000}])
    assert page.text_content("[data-files]") == "урок.pdf, 879\u00a0КБ"


def test_the_choice_of_look_works_without_scripts(open_page, people):
    page = open_page("/help/", 1366, "", None, scripts=False)
    page.click("summary.tool")
    page.check("input[name=colours][value=blue]")
    page.click("text=Применить")
    assert page.get_attribute("html", "data-contrast") == "blue"
    assert page.url.endswith("/help/")


def test_the_header_is_one_row_from_a_small_desk_on(open_page, people):
    page = open_page("/manage/gallery/", 1366, "", people.methodist)
    for width in (1000, 1100, 1280, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        header = page.locator(".site").bounding_box()
        brand = page.locator(".brand b").bounding_box()
        nav = page.locator(".nav").bounding_box()
        assert header["height"] < 70, width
        assert brand["x"] + brand["width"] <= nav["x"], width
    assert page.locator(".tool--wide .tool__t").text_content() == "Управление"


def test_the_name_of_the_portal_breaks_only_between_words(open_page, people):
    page = open_page("/help/", 390)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        lines = page.evaluate(
            """() => { const text = document.querySelector('.brand b').firstChild;
            const range = document.createRange();
            range.setStart(text, 0); range.setEnd(text, text.data.indexOf(' '));
            return range.getClientRects().length; }"""
        )
        assert lines == 1, width


def test_inputs_of_a_pair_stand_level(open_page, people):
    page = open_page("/orders/new/", 1366, "", people.methodist)
    boxes = [page.locator(f"#id_{name}").bounding_box() for name in ("number", "date")]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 1
