"""The ten jobs the portal is for, each within its budget of actions, with and without scripts."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from communities import jobs
from communities.models import Job, Subject
from communities.school_year import start_year
from events.models import Registration
from tests import factories
from tests.browser.hands import Keyboard, Mouse
from tests.materials import samples

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAYS = pytest.mark.parametrize("scripts", [True, False], ids=["js", "no-js"])
# What the contract of the interface allows, in clicks and Enters.
FIND, SIGN_UP, UPLOAD, DOSSIER, SCHEDULE, PLAN = 2, 1, 3, 1, 3, 5
MINUTES, REPORT, SIGNATURE, EXPORT = 5, 4, 2, 2
SEMINAR = "Функциональная грамотность на уроках алгебры"


@pytest.fixture
def hands(pages_of):
    """`hands(person)`: somebody at work, with a mouse or a finger, or with a keyboard."""

    def at_work(person, scripts=True, width=1366, kind=Mouse):
        return kind(pages_of(person, width, scripts), scripts)

    return at_work


@pytest.fixture
def school(people, media):
    """The cast with a subject, a lesson to find and a seminar to come to."""
    algebra = factories.dictionary(Subject, people.municipality, "algebra")
    factories.published_material(
        owner=people.teacher, title="Линейная функция", subject=algebra, grades=[7]
    )
    people.teacher.employments.get().subjects.add(algebra)
    people.seminar = factories.EventFactory(
        municipality=people.municipality,
        association=people.association,
        title=SEMINAR,
        starts_at=timezone.now() + datetime.timedelta(days=3),
        created_by=people.leader,
    )
    return people


def work_off():
    """What the worker does meanwhile."""
    for job in Job.objects.filter(state=Job.State.QUEUED):
        jobs.run(job.pk)


# -- Jobs of a teacher


def find_a_lesson(hand):
    """Words become facets, the file is one press away."""
    hand.goto("/")
    hand.write("#q", "алгебра 7 класс")
    hand.enter("#q")
    assert hand.download("Скачать")
    return hand.actions


def sign_up(hand):
    """From the agenda of the home page; the row keeps its place."""
    hand.goto("/")
    press = hand.touch if hand.scripts else hand.press
    press(f"Записаться: {SEMINAR}")
    hand.sees("Вы записаны")
    return hand.actions


def upload(hand):
    """The title, the subject and the grade are filled in: two answers are left."""
    hand.goto("/materials/")
    hand.press("Добавить материал")
    name, content = "Алгебра 7 класс. Степень с натуральным показателем.pdf", samples.pdf()
    file = {"name": name, "mimeType": "application/pdf", "buffer": content}
    hand.page.set_input_files("[type=file]", file)
    hand.press("Продолжить")
    assert "Степень с натуральным показателем" in hand.page.input_value("[name=title]")
    assert hand.page.locator("[name=subject] option:checked").inner_text() == "Алгебра"
    assert hand.page.locator("[name=grades]:checked").input_value() == "7"
    hand.page.select_option("[name=kind]", index=1)
    hand.page.check("[name=rights_confirmed]")
    hand.press("Опубликовать")
    hand.sees("Степень с натуральным показателем")
    return hand.actions


def get_the_dossier(hand):
    """One press and nothing to choose; the paper comes from the worker."""
    hand.goto("/")
    hand.press("Собрать досье за 5 лет")
    work_off()
    spent = hand.actions
    hand.page.reload()
    with hand.page.expect_download() as coming:
        hand.page.locator("#job a.btn").click()
    assert coming.value.path().read_bytes().startswith(b"%PDF")
    return spent


@WAYS
def test_jobs_of_a_teacher(hands, school, scripts):
    teacher = school.teacher
    factories.held_event(teacher, municipality=school.municipality, association=school.association)
    assert find_a_lesson(hands(teacher, scripts, 390)) <= FIND
    assert sign_up(hands(teacher, scripts, 390)) <= SIGN_UP
    assert school.seminar.registrations.get().state == Registration.State.CONFIRMED
    assert upload(hands(teacher, scripts)) <= UPLOAD
    assert get_the_dossier(hands(teacher, scripts)) <= DOSSIER


# -- Jobs of a leader


@pytest.fixture
def last_year(school):
    """A plan of the year before with one seminar, held three weeks later in the calendar."""
    day = timezone.localdate() + datetime.timedelta(days=21)
    start = start_year(day)
    school.year = factories.a_school_year(school.municipality, start)
    before = factories.a_school_year(school.municipality, start - 1)
    held = day - datetime.timedelta(days=364)
    plan = factories.PlanFactory(association=school.association, school_year=before)
    begins = datetime.datetime.combine(held, datetime.time(15), tzinfo=school.municipality.tz)
    title = "Неделя математики"
    item = factories.PlanItemFactory(
        plan=plan, title=title, month=held.replace(day=1), planned_on=held
    )
    factories.EventFactory(
        municipality=school.municipality,
        association=school.association,
        school_year=before,
        plan_item=item,
        title=title,
        place="кабинет 21",
        starts_at=begins,
        ends_at=begins + datetime.timedelta(minutes=90),
        created_by=school.leader,
    )
    return school


def plan_the_year(hand, address):
    """Last year's plan, one line of it changed, and off to the methodist."""
    hand.goto(address)
    hand.press("Взять план прошлого года")
    hand.press("Изменить Неделя математики")
    hand.write("[name=title]", "Неделя математики и физики")
    hand.press("Сохранить")
    hand.press("Отправить методисту")
    hand.sees("У методиста")
    return hand.actions


def schedule(hand, address):
    """The form is filled from last year: the same weekday, hours and place."""
    hand.goto(address)
    hand.press("Назначить Неделя математики и физики")
    assert hand.page.input_value("[name=starts]") == "15:00"
    assert hand.page.input_value("[name=place]") == "кабинет 21"
    hand.press("Опубликовать")
    expect(hand.page.locator("h1")).to_have_text("Неделя математики и физики")
    return hand.actions


def mark(hand, event, names):
    """Those who have not checked in themselves stand first; the whole row is the button."""
    hand.goto(reverse("events:event-attendance", args=[event.pk]))
    for name in names:
        hand.actions += 1
        hand.page.locator(".att__r", has_text=name).click()
    if hand.scripts:
        expect(hand.page.locator("#att-count")).to_contain_text("40 из 40")
    else:
        hand.press("Сохранить отметки")
    hand.press("Закрыть отметку")
    return hand.actions


def write_minutes(hand, event):
    hand.goto(event.get_absolute_url())
    hand.press("Протокол")
    hand.press("Начать протокол")
    hand.write("[name=items-0-question]", "О функциональной грамотности")
    hand.write("[name=items-0-decided]", "Провести такие уроки")
    hand.press("Подписать и разослать")
    hand.press("Подписать и разослать")
    hand.sees("Провести такие уроки")
    return hand.actions


@WAYS
def test_jobs_of_a_leader(hands, last_year, scripts):
    people, leader = last_year, last_year.leader
    address = reverse("events:plan-detail", args=[people.association.slug, people.year.slug])
    assert plan_the_year(hands(leader, scripts), address) <= PLAN
    methodist = hands(people.methodist, scripts)
    methodist.goto(address)
    methodist.press("Согласовать")
    assert schedule(hands(leader, scripts), address) <= SCHEDULE

    seminar, late = seminar_with_forty(people)
    assert mark(hands(leader, scripts, 390), seminar, late) <= len(late) + (1 if scripts else 2)
    assert seminar.attendances.count() == 40
    assert write_minutes(hands(leader, scripts), seminar) <= MINUTES
    assert seminar.minutes.state == "signed"


def seminar_with_forty(people):
    """A seminar that has begun: of forty, six have not shown the code on the screen to a phone."""
    seminar = people.seminar
    seminar.starts_at = timezone.now() - datetime.timedelta(minutes=5)
    seminar.ends_at = seminar.starts_at + datetime.timedelta(minutes=90)
    seminar.save()
    late = ("Аистова", "Беркутова", "Воробьёва", "Галкина", "Дроздова", "Журавлёва")
    for number in range(40):
        name = late[number] if number < len(late) else f"Синицына{number}"
        person = factories.PersonFactory(municipality=people.municipality, last_name=name)
        seminar.registrations.create(person=person, state="confirmed")
        if number >= len(late):
            factories.attend(seminar, person, method="qr")
    return seminar, late


# -- Jobs of the department


def build_and_hand_in(hand, year):
    hand.goto(f"/reports/annual/{year}/")
    hand.press("Собрать отчёт за")
    work_off()
    hand.page.reload()
    hand.press("Открыть отчёт")
    address = hand.page.url
    hand.ask("На согласование")
    hand.press("На согласование")
    hand.sees("на согласование", "#flash")
    return hand.actions, address


def sign(hand, address):
    """From the letter: two presses, and a word that nobody types by mistake."""
    hand.goto(address)
    hand.ask("Подписать")
    hand.write("[name=word]", "подписать")
    hand.press("Подписать")
    hand.sees("Отчёт подписан", "#flash")
    return hand.actions


def export(hand):
    hand.goto("/reports/participation/")
    table = hand.download("Скачать таблицу")
    assert table.startswith(b"PK")
    return hand.actions


@WAYS
def test_jobs_of_the_department(hands, school, scripts):
    factories.held_event(
        school.teacher, municipality=school.municipality, association=school.association
    )
    year = factories.a_school_year(school.municipality).slug
    spent, report = build_and_hand_in(hands(school.methodist, scripts), year)
    assert spent <= REPORT
    assert sign(hands(school.head, scripts, 390), report) <= SIGNATURE
    assert export(hands(school.methodist, scripts)) <= EXPORT


# -- By keyboard alone


def test_jobs_by_keyboard_alone(hands, school):
    teacher = hands(school.teacher, width=390, kind=Keyboard)
    assert find_a_lesson(teacher) <= FIND
    assert sign_up(hands(school.teacher, width=390, kind=Keyboard)) <= SIGN_UP
    year = factories.a_school_year(school.municipality).slug
    spent, report = build_and_hand_in(hands(school.methodist, kind=Keyboard), year)
    assert spent <= REPORT
    assert sign(hands(school.head, kind=Keyboard), report) <= SIGNATURE
