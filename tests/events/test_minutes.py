import datetime
import io
import json
import threading
from html.parser import HTMLParser

import docx as python_docx
import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from communities import seals
from communities.models import Assignment, AuditEntry, Letter, Seal
from events import attendance, minutes, minutes_paper
from events.models import AgendaItem, Event, Minutes
from tests.factories import (
    AssociationFactory,
    EmploymentFactory,
    EventFactory,
    MembershipFactory,
    OrganizationFactory,
    PersonFactory,
    a_draft_of_minutes,
    a_signed_draft,
    appoint,
    speak,
)
from tests.races import at_once


@pytest.fixture
def draft(people):
    return a_draft_of_minutes(people)


def page(obj, name="event-minutes", *args):
    return reverse(f"events:{name}", args=[getattr(obj, "event_id", obj.pk), *args])


class Fields(HTMLParser):
    """Names and values of the fields a page shows, as a browser would send them."""

    def __init__(self, page):
        super().__init__()
        self.values, self.area = {}, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and "name" in attrs:
            self.values[attrs["name"]] = attrs.get("value") or ""
        if tag == "textarea":
            self.area, self.values[attrs["name"]] = attrs["name"], ""

    def handle_endtag(self, tag):
        self.area = None if tag == "textarea" else self.area

    def handle_data(self, data):
        if self.area:
            self.values[self.area] += data.removeprefix("\n")


def written(client, draft, **changes):
    """What the browser sends when the form is saved as it was shown."""
    return Fields(client.get(page(draft)).content.decode()).values | changes


# Beginning


def test_minutes_begin_filled_from_the_event(people):
    event = EventFactory(
        municipality=people.municipality,
        association=people.association,
        starts_at=timezone.now() - datetime.timedelta(hours=1),
    )
    talk = event.talks.create(title="Задачи с данными района")
    talk.speakers.create(person=people.teacher, organization=people.organization)
    talk.speakers.create(name="Гостев И. И.", position=1)
    draft = minutes.start(event, actor=people.methodist)
    item = draft.items.get()
    assert (draft.chair, draft.secretary, draft.number) == (people.leader, None, None)
    assert item.question == "Задачи с данными района"
    assert item.heard == (
        f"{people.teacher.full_name}, {people.organization.short_name}; Гостев И. И."
    )


def test_chair_is_who_led_that_day_not_who_leads_now(people):
    association = AssociationFactory(municipality=people.municipality)
    then = PersonFactory(municipality=people.municipality)
    term = appoint(then, association)
    term.ends_on = timezone.localdate() - datetime.timedelta(days=5)
    term.save()
    appoint(people.leader, association, starts_on=timezone.localdate())
    event = EventFactory(
        municipality=people.municipality,
        association=association,
        starts_at=timezone.now() - datetime.timedelta(days=10),
    )
    assert minutes.start(event, actor=people.methodist).chair == then


def test_starting_twice_gives_the_same_draft(draft, people):
    assert minutes.start(draft.event, actor=people.leader) == draft
    assert AgendaItem.objects.count() == 1


# Not before the day of the event


def an_event_tomorrow(people, **fields):
    """At the first minute of tomorrow by the clocks of the municipality."""
    tomorrow = people.municipality.today() + datetime.timedelta(days=1)
    starts_at = datetime.datetime.combine(tomorrow, datetime.time(0), people.municipality.tz)
    return EventFactory(
        municipality=people.municipality,
        association=people.association,
        starts_at=starts_at,
        **fields,
    )


def test_minutes_are_not_begun_before_the_day(people, as_):
    event = an_event_tomorrow(people)
    client = as_(people.leader)
    answer = client.post(page(event, "event-minutes-start"), follow=True)
    assert [str(text) for text in answer.context["messages"]] == [minutes.obstacle(event)]
    assert "в день мероприятия или позже" in minutes.obstacle(event)
    assert not Minutes.objects.exists()
    assert not AuditEntry.objects.filter(action="minutes.start").exists()


def test_minutes_begun_then_moved_are_not_signed_before_the_new_day(draft, people, as_):
    starts_at = timezone.now() + datetime.timedelta(days=2)
    ends_at = starts_at + datetime.timedelta(hours=1)
    Event.objects.filter(pk=draft.event_id).update(starts_at=starts_at, ends_at=ends_at)
    for method in ("get", "post"):
        answer = getattr(as_(people.leader), method)(page(draft, "event-minutes-sign"), follow=True)
        (message,) = answer.context["messages"]
        assert "в день мероприятия или позже" in str(message)
    draft.refresh_from_db()
    assert (draft.state, draft.event.state) == (Minutes.State.DRAFT, Event.State.PUBLISHED)
    assert not Seal.objects.exists()


def test_service_refuses_to_sign_before_the_day(draft, people):
    starts_at = timezone.now() + datetime.timedelta(days=2)
    Event.objects.filter(pk=draft.event_id).update(starts_at=starts_at, ends_at=starts_at)
    with pytest.raises(minutes.MinutesError):
        minutes.sign(Minutes.objects.get(), actor=people.leader)
    assert not Seal.objects.exists()


def test_event_page_offers_minutes_from_the_day_on(people, as_):
    coming = an_event_tomorrow(people)
    today = EventFactory(
        municipality=people.municipality,
        association=people.association,
        starts_at=timezone.now(),
    )
    client = as_(people.leader)
    shown = [page(e) in client.get(e.get_absolute_url()).text for e in (coming, today)]
    assert shown == [False, True]
    text = client.get(page(coming)).text
    assert minutes.obstacle(coming) in text
    assert "Начать протокол" not in text


# Editing


def test_form_saved_as_shown_changes_nothing(draft, people, as_):
    client = as_(people.leader)
    before = minutes.fingerprint(draft)
    assert client.post(page(draft), written(client, draft)).status_code == 302
    assert minutes.fingerprint(draft) == before


def test_adding_a_row_keeps_what_was_written(draft, people, as_):
    client = as_(people.leader)
    data = written(client, draft, add="items", **{"items-0-decided": "Принять к сведению"})
    answer = client.post(page(draft), data)
    assert answer.url == f"{page(draft)}?add=items#items-new"
    assert draft.items.get().decided == "Принять к сведению"
    assert len(client.get(answer.url).context["items"].forms) == 2


def test_adding_a_row_to_a_form_with_a_mistake_keeps_the_mistake(draft, people, as_):
    client = as_(people.leader)
    data = written(client, draft, add="items", **{"items-0-votes_for": "много"})
    answer = client.post(page(draft), data)
    assert answer.status_code == 422
    assert len(answer.context["items"].forms) == 2
    assert 'value="много"' in answer.content.decode()
    assert "<title>Ошибка:" in answer.content.decode()


def test_removing_a_row_drops_only_it(draft, people, as_):
    draft.items.create(question="Разное", position=1)
    client = as_(people.leader)
    client.post(page(draft), written(client, draft, remove="items-0"))
    assert [item.question for item in draft.items.all()] == ["Разное"]


def test_decision_names_a_person_and_a_date(draft, people, as_):
    client = as_(people.leader)
    fields = {
        "decisions-0-text": "Разместить план",
        "decisions-0-person": "Учителева",
        "decisions-0-due_on": "2026-12-01",
    }
    client.post(page(draft), written(client, draft, **fields))
    row = draft.decisions.get()
    assert (row.text, row.person, row.due_on) == (
        "Разместить план",
        people.teacher,
        datetime.date(2026, 12, 1),
    )


def test_two_namesakes_are_told_apart_by_place(draft, people, as_):
    other = OrganizationFactory(municipality=people.municipality, short_name="Детский сад № 9")
    twin = PersonFactory(
        municipality=people.municipality,
        last_name=people.teacher.last_name,
        first_name=people.teacher.first_name,
        patronymic=people.teacher.patronymic,
    )
    EmploymentFactory(person=twin, organization=other)
    client = as_(people.leader)
    answer = client.post(page(draft), written(client, draft, chair=twin.full_name))
    assert answer.status_code == 422
    assert "Детский сад № 9" in str(answer.context["form"].errors)
    client.post(page(draft), written(client, draft, chair=f"{twin.full_name}, детский сад №9"))
    draft.refresh_from_db()
    assert draft.chair == twin


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("chair", "Никтошина"),
        ("chair", "Соседова"),
        ("decisions-0-due_on", "99999-01-01"),
        ("items-0-votes_for", "9" * 30),
        ("items-0-question", "я" * 400),
        ("items-TOTAL_FORMS", "1000000"),
        ("items-TOTAL_FORMS", "много"),
        ("items-TOTAL_FORMS", "²"),
    ],
)
def test_bad_input_is_a_message_and_nothing_is_saved(draft, people, as_, field, value):
    client = as_(people.leader)
    before = minutes.fingerprint(draft)
    changes = {"decisions-0-text": "Дело", "add": "items", field: value}
    answer = client.post(page(draft), written(client, draft, **changes))
    assert answer.status_code == 422
    assert minutes.fingerprint(draft) == before


def test_second_writer_does_not_overwrite_the_first_unknowingly(draft, people, as_):
    client = as_(people.leader)
    mine = written(client, draft, **{"items-0-decided": "моё"})
    client.post(page(draft), written(client, draft, **{"items-0-decided": "чужое"}))
    answer = client.post(page(draft), mine)
    assert answer.status_code == 422
    assert draft.items.get().decided == "чужое"
    mine["seen"] = answer.context["form"]["seen"].value()
    client.post(page(draft), mine)
    assert draft.items.get().decided == "моё"


# Signing


def test_minutes_are_not_signed_while_a_speaker_is_not_marked(draft, people):
    speak(draft.event, people.methodist)
    draft.event.attendances.all().delete()
    draft.event.attendances.create(person=people.teacher)
    with pytest.raises(minutes.MinutesError, match="Не отмечены докладчики: Методистова"):
        minutes.sign(draft, actor=people.leader)
    draft.event.attendances.create(person=people.methodist)
    assert minutes.sign(draft, actor=people.leader).state == "signed"


def test_paper_signed_earlier_gives_its_tasks_without_letters(draft, people):
    draft.decisions.create(text="Провести срез", person=people.teacher)
    earlier = timezone.now() - datetime.timedelta(days=300)
    minutes.sign(draft, actor=people.leader, at=earlier)
    assert Assignment.objects.filter(person=people.teacher).exists()
    assert not Letter.objects.exists()


def test_signing_numbers_seals_closes_and_hands_out(draft, people):
    due = datetime.date(2026, 12, 1)
    mine = draft.decisions.create(text="Провести срез", person=people.teacher, due_on=due)
    ours = draft.decisions.create(text="Разместить план", position=1)
    signed = minutes.sign(draft, actor=people.leader)
    assert (signed.state, signed.number, signed.seal.kind) == ("signed", 1, "minutes")
    assert Event.objects.get(pk=signed.event_id).state == Event.State.CLOSED
    tasks = {task.source_key: task for task in Assignment.objects.all()}
    assert tasks[f"minutes-decision:{mine.pk}"].person == people.teacher
    assert tasks[f"minutes-decision:{mine.pk}"].due_on == due
    assert tasks[f"minutes-decision:{ours.pk}"].association == people.association
    assert Letter.objects.filter(key=f"minutes:{signed.pk}:{people.teacher.pk}").count() == 1
    assert seals.verify_municipality(people.municipality) == []


def test_numbers_follow_each_other_per_association_and_year(people):
    other = AssociationFactory(municipality=people.municipality)
    ours = [a_signed_draft(people).number for _ in range(2)]
    theirs = a_draft_of_minutes(people)
    Minutes.objects.filter(pk=theirs.pk).update(association=other)
    assert ours == [1, 2]
    assert minutes.sign(theirs, actor=people.methodist).number == 1


def test_signing_twice_changes_nothing(draft, people):
    first = minutes.sign(draft, actor=people.leader)
    letters = Letter.objects.count()
    second = minutes.sign(draft, actor=people.leader)
    assert (second.seal_id, second.number) == (first.seal_id, first.number)
    assert (Seal.objects.count(), Letter.objects.count()) == (1, letters)
    assert AuditEntry.objects.filter(action="minutes.sign").count() == 1


def test_nobody_signs_what_was_written_after_they_read(draft, people, as_):
    client = as_(people.leader)
    address = client.post(page(draft), written(client, draft, next="sign")).url
    draft.items.update(decided="Другое решение")
    client.post(address)
    draft.refresh_from_db()
    assert draft.state == Minutes.State.DRAFT
    address = client.post(page(draft), written(client, draft, next="sign")).url
    client.post(address)
    draft.refresh_from_db()
    assert draft.state == Minutes.State.SIGNED


@pytest.mark.parametrize("lack", ["chair", "items"])
def test_incomplete_minutes_are_not_signed(draft, people, lack):
    if lack == "chair":
        Minutes.objects.filter(pk=draft.pk).update(chair=None)
    else:
        draft.items.all().delete()
    with pytest.raises(minutes.MinutesError):
        minutes.sign(draft, actor=people.leader)
    assert not Seal.objects.exists()


def test_stranger_signs_nothing(draft, people):
    with pytest.raises(PermissionDenied):
        minutes.sign(draft, actor=people.teacher)


def test_signed_minutes_are_not_edited_or_reopened(people, as_):
    signed = a_signed_draft(people)
    client = as_(people.leader)
    client.post(page(signed), {"items-TOTAL_FORMS": "0"})
    with pytest.raises(minutes.MinutesError):
        minutes.save_draft(
            signed, actor=people.leader, chair=None, secretary=None, items=[], decisions=[]
        )
    assert signed.items.count() == 1


def test_signed_page_shows_the_snapshot_not_the_rows(people, as_):
    signed = a_signed_draft(people)
    old = people.teacher.full_name
    people.teacher.last_name = "Замужняя"
    people.teacher.save()
    signed.items.update(question="Подменённый вопрос")
    text = as_(people.coordinator).get(page(signed)).content.decode()
    assert old in text
    assert "Замужняя" not in text
    assert "Подменённый" not in text
    assert signed.seal.code in text
    assert signed.seal.digest in text


def test_present_are_listed_as_marked_and_members_missing_as_absent(people):
    missing = MembershipFactory(association=people.association).person
    payload = json.loads(a_signed_draft(people).seal.payload)
    assert [row["name"] for row in payload["present"]] == [people.teacher.full_name]
    # the leader is not marked but chairs: nobody chairs from elsewhere
    assert [row["name"] for row in payload["absent"]] == [missing.full_name]
    assert payload["present"][0]["organization"] == people.organization.short_name


# Pages


def test_draft_is_hidden_from_colleagues_and_read_by_them_when_signed(draft, people, as_):
    client = as_(people.teacher)
    assert client.get(page(draft)).status_code == 404
    minutes.sign(draft, actor=people.leader)
    assert client.get(page(draft)).status_code == 200
    assert as_(people.neighbour).get(page(draft)).status_code == 404


def test_leader_goes_from_nothing_to_signed_by_plain_forms(people, as_):
    event = a_draft_of_minutes(people).event
    Minutes.objects.all().delete()
    client = as_(people.leader)
    assert "Начать протокол" in client.get(page(event)).content.decode()
    client.post(page(event, "event-minutes-start"))
    draft = Minutes.objects.get()
    answer = client.post(page(draft), written(client, draft, next="sign"))
    assert answer.url.partition("?")[0] == page(draft, "event-minutes-sign")
    assert "1 участник получит письмо" in client.get(answer.url).content.decode()
    client.post(answer.url)
    draft.refresh_from_db()
    assert draft.state == "signed"
    again = client.post(answer.url, follow=True)
    assert "уже подписан" in again.content.decode()
    assert Seal.objects.count() == 1


def test_missing_attendance_is_warned_of(draft, people, as_):
    draft.event.attendances.all().delete()
    client = as_(people.leader)
    assert "Никто не отмечен" in client.get(page(draft)).content.decode()
    assert "Никто не отмечен" in client.get(page(draft, "event-minutes-sign")).content.decode()


# Papers


def text_of_pdf(content):
    paper = pypdfium2.PdfDocument(content)
    text = " ".join(page.get_textpage().get_text_range() for page in paper)
    return " ".join(text.replace("\ufffe", "").split())


def a_long_paper(people):
    draft = a_draft_of_minutes(people)
    crowd = [PersonFactory(municipality=people.municipality) for _ in range(40)]
    attendance.mark_many(draft.event, [p.pk for p in crowd], actor=people.leader)
    draft.items.update(
        heard="Лебедева И. В. <о задачах>\nВторой абзац",
        spoke="Петров П. П. & др.",
        decided="Принять",
        votes_for=11,
        votes_against=0,
    )
    draft.decisions.create(text="Провести срез", person=people.teacher)
    return minutes.sign(draft, actor=people.leader)


def test_pdf_carries_the_office_form_and_the_code(people):
    signed = a_long_paper(people)
    content = minutes_paper.pdf(signed)
    text = text_of_pdf(content)
    for words in (
        "ПРОТОКОЛ № 1",
        "ПОВЕСТКА ДНЯ",
        "СЛУШАЛИ:",
        "Лебедева И. В. <о задачах>",
        "ВЫСТУПИЛИ:",
        "РЕШИЛИ:",
        "за – 11, против – 0",
        "Список присутствующих",
        signed.seal.code,
    ):
        assert words.replace(" ", "") in text.replace("\xa0", "").replace(" ", "")
    assert b"/MarkInfo" in content
    assert minutes_paper.pdf(signed) == content


def test_docx_has_real_styles_and_the_same_text(people):
    signed = a_long_paper(people)
    paper = python_docx.Document(io.BytesIO(minutes_paper.docx(signed)))
    by_style = {}
    for line in paper.paragraphs:
        by_style.setdefault(line.style.name, []).append(line.text.replace("\xa0", " "))
    assert by_style["Title"] == ["ПРОТОКОЛ № 1"]
    assert by_style["Heading 2"] == ["1. О результатах диагностики"]
    assert "Лебедева И. В. <о задачах>" in by_style["Normal"]
    signatures, present = paper.tables
    assert [row.cells[0].text for row in signatures.rows] == ["Председатель"]
    assert len(present.rows) == 1 + 41


def test_files_are_given_only_of_signed_minutes_and_to_colleagues(draft, people, as_):
    client = as_(people.leader)
    assert client.get(page(draft, "event-minutes-file", "pdf")).status_code == 404
    minutes.sign(draft, actor=people.leader)
    answer = client.get(page(draft, "event-minutes-file", "pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get(page(draft, "event-minutes-file", "exe")).status_code == 404
    assert as_(people.neighbour).get(page(draft, "event-minutes-file", "pdf")).status_code == 404


# Fifty at once


@pytest.mark.django_db(transaction=True)
def test_fifty_signatures_at_once_give_one_seal_and_one_number(people):
    draft = a_draft_of_minutes(people)
    draft.decisions.create(text="Провести срез", person=people.teacher)
    letters = Letter.objects.filter(key__startswith="minutes:")
    assert at_once(50, lambda: minutes.sign(draft, actor=people.leader)) == []
    assert (Seal.objects.count(), Minutes.objects.get().number) == (1, 1)
    assert (Assignment.objects.count(), letters.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="minutes.sign").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_would_seal_twice(people, monkeypatch):
    """The control: the test above can fail."""
    draft = a_draft_of_minutes(people)
    barrier = threading.Barrier(3)

    def all_have_looked(draft):
        barrier.wait()
        return []

    monkeypatch.setattr(attendance, "lock", lambda event: event)
    monkeypatch.setattr(minutes, "missing", all_have_looked)
    at_once(3, lambda: minutes.sign(draft, actor=people.leader))
    assert Seal.objects.count() > 1


@pytest.mark.django_db(transaction=True)
def test_ten_minutes_signed_at_once_are_numbered_without_gaps(people):
    drafts = [a_draft_of_minutes(people) for _ in range(10)]
    waiting = iter(drafts)
    assert at_once(10, lambda: minutes.sign(next(waiting), actor=people.leader)) == []
    numbers = Minutes.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 11))
