"""The whole chain in a browser with a real worker: from a list of people to a signed report."""

import datetime
import io
import re
import zoneinfo
from types import SimpleNamespace

import openpyxl
import pypdfium2
import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from communities.documents import qr_svg
from communities.models import Role, RoleGrant
from communities.school_year import start_year
from network_portal.browser import find_chromium
from tests import factories
from tests.browser import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not find_chromium(), reason="no Chromium on this machine"),
]
PASSWORD = "тихая-река-у-школы-77"
LEADER, TEACHER = "Белова Ирина Сергеевна", "Громов Пётр Ильич"
ASSOCIATION, SEMINAR = "Учителя математики района", "Задачи с данными района"
REMARK = "Проверьте число объединений"
# Times of the walk stand on one calendar day: where it is near midnight nobody holds seminars.
ZONES = ("Europe/Moscow", "Asia/Kamchatka")


@pytest.fixture
def office(transactional_db):
    """A municipality as it is opened: one school, a methodist and a head."""
    place = factories.a_municipality(time_zone=next(zone for zone in ZONES if is_day(zone)))
    factories.OrganizationFactory(municipality=place, short_name="СОШ № 4")
    return SimpleNamespace(
        municipality=place,
        methodist=official(place, "Методистова", Role.METHODIST),
        head=official(place, "Орлова", Role.HEAD),
    )


def is_day(zone):
    return 2 <= timezone.localtime(timezone=zoneinfo.ZoneInfo(zone)).hour < 22


def official(place, last_name, role):
    person = factories.AccountFactory(municipality=place, last_name=last_name)
    person.set_password(PASSWORD)
    person.save()
    RoleGrant.objects.create(
        municipality=place, person=person, role=role, starts_on=datetime.date(2016, 9, 1)
    )
    return person


@pytest.fixture
def visit(live_server, settings, workshop, tmp_path):
    """`visit()` is a window of its own; a worker that takes its time stands ready."""
    settings.SITE_URL = live_server.url
    expect.set_options(timeout=20_000)
    never = str(tmp_path / "never")
    workshop.hire("tests.mortal_worker", processes=2, MORTAL_ORDER=never, MORTAL_WAIT="0.4")
    with chromium() as browser:

        def open_(path="/"):
            context = browser.new_context(base_url=live_server.url, locale="ru-RU")
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.goto(path)
            return page

        yield open_


def test_chain_from_a_list_of_people_to_a_signed_report(office, visit):
    guest = visit()
    methodist, head = sign_in(visit(), office.methodist), sign_in(visit(), office.head)
    import_people(methodist, (LEADER, TEACHER, "Лебедева Анна Юрьевна"))
    found_association_by_order(methodist, office.municipality.today())
    leader = claim_account(methodist, LEADER, "belova@school.example", visit())
    teacher = claim_account(methodist, TEACHER, "gromov@school.example", visit())

    plan_seminar(leader, office.municipality.today())
    seminar = schedule_seminar(leader, office.municipality.tz)
    sign_up(teacher, seminar)
    check_in(leader, teacher, seminar)
    write_minutes(leader, seminar)
    get_certificate(teacher, seminar)

    report = build_report(methodist)
    submit(methodist, report)
    hand_back(head, report)
    expect_remark(methodist, report)
    submit(methodist, report)
    approve(head, report)
    check_paper(guest, paper_of(methodist, report))
    export_participation(methodist, office.municipality)


# Steps


def sign_in(page, person):
    page.goto("/login/")
    form = page.locator("form", has=page.locator("[type=password]"))
    form.locator("[name=login]").fill(person.email)
    form.locator("[name=password]").fill(PASSWORD)
    form.get_by_role("button").first.click()
    page.wait_for_url(re.compile(r"/$"))
    return page


def import_people(page, names):
    page.goto("/manage/import/")
    page.set_input_files("[type=file]", workbook(names))
    press(page, "Проверить файл")
    press(page, "Применить, 3 карточки")
    page.goto("/manage/people/?q=Гром")
    expect(page.get_by_role("link", name=TEACHER)).to_be_visible()


def workbook(names):
    """A list as a school sends it: a note above the heading, one row for one person."""
    book = openpyxl.Workbook()
    book.active.append(["Педагогические работники"])
    book.active.append(["№", "Ф.И.О.", "Место работы", "Должность", "Предмет"])
    for number, name in enumerate(names, 1):
        book.active.append([number, name, "СОШ № 4", "учитель", "Математика"])
    out = io.BytesIO()
    book.save(out)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "Педагоги.xlsx", "mimeType": mime, "buffer": out.getvalue()}


def found_association_by_order(page, today):
    page.goto("/orders/")
    press(page, "Подготовить приказ")
    page.fill("[name=number]", "199/01-03")
    page.fill("[name=date]", today.isoformat())
    page.fill("[name=title]", "О методических объединениях")
    press(page, "Сохранить проект")
    press(page, "Создать объединение")
    page.select_option("[name=kind]", index=1)
    page.fill("[name=name]", ASSOCIATION)
    press(page, "Добавить пункт")
    press(page, "Назначить руководителя")
    page.select_option("[name=association]", label=ASSOCIATION)
    page.fill("[name=person]", LEADER)
    press(page, "Добавить пункт")
    confirm(page, "Ввести приказ в действие")
    press(page, ASSOCIATION)
    expect(page.get_by_role("complementary")).to_contain_text(LEADER)


def claim_account(methodist, name, email, page):
    """Invited on the page, the person opens the link and is in."""
    methodist.goto(f"/manage/people/?q={name.split()[0]}")
    press(methodist, name)
    press(methodist, "Пригласить")
    methodist.fill("[name=email]", email)
    press(methodist, "Отправить приглашение")
    page.goto(methodist.inner_text("code"))
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    press(page, "Получить доступ")
    page.wait_for_url(re.compile("/$"))
    return page


def plan_seminar(page, today):
    page.goto("/associations/")
    press(page, ASSOCIATION)
    press(page, "План на год")
    press(page, "Написать первый пункт")
    page.fill("[name=title]", SEMINAR)
    page.select_option("[name=kind]", label="Семинар")
    page.fill("[name=planned_on]", today.isoformat())
    press(page, "Добавить пункт")


def schedule_seminar(page, zone):
    """«Назначить» in the plan; the seminar begins this very minute."""
    now = timezone.localtime(timezone=zone)
    press(page, f"Назначить {SEMINAR}")
    page.fill("[name=starts]", f"{now:%H:%M}")
    page.fill("[name=ends]", f"{now + datetime.timedelta(minutes=90):%H:%M}")
    page.fill("[name=place]", "кабинет 21")
    page.get_by_text("Ещё", exact=True).click()
    page.select_option("[name=school_year_start]", str(start_year(now.date())))
    press(page, "Опубликовать")
    expect(page.get_by_role("heading", level=1)).to_have_text(SEMINAR)
    return page.url


def sign_up(page, seminar):
    page.goto("/events/")
    press(page, SEMINAR)
    assert page.url == seminar
    press(page, "Записаться")
    expect(page.locator("[id^=signup]")).to_contain_text("Вы записаны")


ON_SCREEN = """qr => [document.querySelector(".screen__code").innerText,
  qr.querySelector("path").getAttribute("d")]"""


def check_in(leader, teacher, seminar):
    """The teacher's phone opens the address that the code on the leader's screen draws."""
    leader.goto(seminar)
    press(leader, "Показать QR")
    expect(leader.locator(".qr svg")).to_be_visible()
    code, drawn = leader.locator(".qr").evaluate(ON_SCREEN)
    address = f"{seminar.partition('/events/')[0]}/c/{code}/"
    assert f'd="{drawn}"' in qr_svg(address)
    teacher.goto(address)
    press(teacher, "Я на месте")
    expect(teacher.locator("#flash")).to_contain_text("Вы отмечены")


def write_minutes(page, seminar):
    page.goto(seminar)
    press(page, "Отметить участников")
    expect(page.locator("#att-count")).to_contain_text("1 из 1")
    press(page, "Закрыть отметку")
    page.goto(seminar)
    press(page, "Протокол")
    press(page, "Начать протокол")
    page.fill("[name=items-0-question]", "О задачах с данными района")
    page.fill("[name=items-0-decided]", "Провести такие уроки")
    page.fill("[name=decisions-0-text]", "Собрать задачи в одну папку")
    page.fill("[name=decisions-0-person]", TEACHER)
    press(page, "Подписать и разослать")
    press(page, "Подписать и разослать")
    expect(page.get_by_role("article")).to_contain_text("Провести такие уроки")


def get_certificate(page, seminar):
    page.goto(seminar)
    press(page, "Получить сертификат")
    text = pdf_text(download(page, "Скачать сертификат"))
    assert SEMINAR in text
    assert code_in(text)


def build_report(page):
    """The worker counts while the page shows how far it is."""
    page.goto("/reports/")
    page.get_by_role("main").get_by_role("link", name=re.compile(r"^20\d\d.\d\d$")).first.click()
    page.get_by_role("button", name=re.compile("^Собрать отчёт за")).click()
    expect(page.locator("progress[max]")).to_be_visible()
    expect(page.get_by_role("link", name="Открыть отчёт")).to_be_visible(timeout=40_000)
    press(page, "Открыть отчёт")
    return page.url


def submit(page, report):
    page.goto(report)
    confirm(page, "На согласование")
    expect(page.locator("#flash")).to_contain_text("на согласование")


def hand_back(page, report):
    page.goto(report)
    confirm(page, "Вернуть на доработку", comment=REMARK)
    expect(page.locator("#flash")).to_contain_text("Отчёт возвращён")


def expect_remark(page, report):
    page.goto(report)
    expect(page.get_by_role("main")).to_contain_text(REMARK)


def approve(page, report):
    """Nothing is signed by a careless word."""
    page.goto(report)
    confirm(page, "Подписать", word="ладно")
    page.fill("[name=word]", "подписать")
    page.get_by_role("button", name="Подписать").click()
    expect(page.locator("#flash")).to_contain_text("Отчёт подписан")


def paper_of(page, report):
    """The code printed in the PDF that the worker has made."""
    for _try in range(60):
        page.goto(report)
        if page.get_by_role("link", name="PDF").count():
            break
        page.wait_for_timeout(250)
    text = pdf_text(download(page, "PDF"))
    assert "СОГЛАСОВАНО" in text
    return code_in(text)


def check_paper(page, code):
    page.goto("/verify/")
    page.fill("[name=code]", code)
    press(page, "Проверить")
    expect(page.get_by_role("main")).to_contain_text("Подлинный")
    expect(page.get_by_role("main")).to_contain_text(code)


def export_participation(page, municipality):
    """The table of the department has a row for every fact that plain SQL finds."""
    page.goto("/reports/participation/")
    book = openpyxl.load_workbook(io.BytesIO(download(page, "Скачать таблицу")))
    heading, *rows = book.active.iter_rows(values_only=True)
    assert "ФИО" in heading
    assert {row[heading.index("ФИО")] for row in rows} == {LEADER, TEACHER}
    assert len(rows) == facts_by_sql(municipality)


FACTS = """
SELECT (SELECT count(*) FROM events_attendance a JOIN events_event e ON e.id = a.event_id
        WHERE e.municipality_id = %(place)s)
     + (SELECT count(chair_id) + count(secretary_id) FROM events_minutes
        WHERE municipality_id = %(place)s AND state = 'signed')
     + (SELECT count(*) FROM communities_membership
        WHERE municipality_id = %(place)s AND role = 'leader')
"""


def facts_by_sql(municipality):
    with connection.cursor() as cursor:
        cursor.execute(FACTS, {"place": municipality.pk})
        return cursor.fetchone()[0]


# Hands and eyes


def press(page, name):
    """The button or link of this name: of the open dialog, of the page, of its margin."""
    named = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name))
    page.locator("main, aside, dialog").locator(named).first.click()


def confirm(page, name, **answers):
    """A step that asks first: its link opens a dialog, the dialog's button does it."""
    press(page, name)
    dialog = page.get_by_role("dialog")
    for field, value in answers.items():
        dialog.locator(f"[name={field}]").fill(value)
    dialog.get_by_role("button", name=name).click()


def download(page, name):
    with page.expect_download() as waiting:
        press(page, name)
    return waiting.value.path().read_bytes()


def pdf_text(content):
    """The words of all pages, however the lines are broken."""
    pages = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())


def code_in(text):
    return re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)[0]
