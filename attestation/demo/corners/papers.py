"""Assignments, jobs, imports, letters and sent forms of a neighbour, in every state."""

import datetime
import hashlib
import tempfile

from django.urls import reverse

from attestation import record_jobs
from attestation.demo import office_files
from communities import audit, models
from communities.imports import apply as imports
from communities.imports.undo import undo

State = models.Job.State
NEVER = datetime.timedelta(days=36_500)


def build(place):
    """What waits, works, is done or failed, and a line of the journal."""
    _assignments(place)
    _jobs(place)
    _batches(place)
    _letters(place)
    _sent_forms(place)
    audit.record("municipality.open", place.municipality, actor=place.methodist)


def _assignments(place):
    targets = (
        {"person": place.leader},
        {"association": place.association},
        {"organization": place.organizations[0]},
    )
    for n, (state, target) in enumerate(zip(models.Assignment.State, targets, strict=True)):
        done = state == models.Assignment.State.DONE
        models.Assignment.objects.create(
            municipality=place.municipality,
            text="Разместить план работы",
            addressee="Руководителям РМО",
            due_on=place.today + datetime.timedelta(days=n * 7 - 7),
            state=state,
            source_key=f"{place.slug}:{n}",
            source_title="Протокол № 1",
            created_by=place.methodist,
            done_at=place.now if done else None,
            done_by=place.leader if done else None,
            **target,
        )


def _jobs(place):
    """A job in every state, which no worker touches: the sweeper wakes what has waited long.

    The one that waits was asked for, and the one at work gave its last sign of life, in a
    future that no demo lives to see.
    """
    year = place.year.slug
    about = {
        State.QUEUED: {"created_at": place.now + NEVER},
        State.RUNNING: {
            "heartbeat_at": place.now + NEVER,
            "stage": "Собираем факты",
            "done_units": 3,
            "total_units": 8,
        },
        State.DONE: {
            "kind": "attestation.build_reports",
            "title": f"Отчёты за {place.year.long_name} учебный год",
            "result": {"url": reverse("attestation:report-year", args=[year])},
            "finished_at": place.now,
        },
        State.FAILED: {"error": "Нет места на диске", "finished_at": place.now},
    }
    for state in State:
        fields = {"kind": record_jobs.DOSSIER, "title": "Досье за 5 лет", **about[state]}
        models.Job.objects.create(
            municipality=place.municipality, owner=place.methodist, state=state, **fields
        )


def _batches(place):
    """A list that waits with a row to mend, one applied, one applied and taken back."""
    _read(place, "Список с ошибкой.xlsx", 2, wrong=True)
    applied = _read(place, "Список педагогов.xlsx", 2)
    imports.apply(applied, actor=place.methodist)
    undone = _read(place, "Список прошлого года.xlsx", 1)
    undo(imports.apply(undone, actor=place.methodist), actor=place.methodist)


def _read(place, file_name, count, *, wrong=False):
    """The batch of a real workbook that names so many new people of the first organization."""
    titles = ["ФИО", "Место работы", "Должность", "Предметы"]
    where = [place.organizations[0].short_name, "учитель", "математика"]
    rows = [[" ".join(next(place.stream)), *where] for _ in range(count)]
    if wrong:
        rows.append([" ".join(next(place.stream)), "Школа, которой нет", *where[1:]])
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(office_files.xlsx(file_name.removesuffix(".xlsx"), [titles, *rows]))
        file.flush()
        return imports.start(file.name, file_name=file_name, actor=place.methodist)


def _sent_forms(place):
    models.SentForm.objects.create(
        municipality=place.municipality,
        person=place.methodist,
        key=hashlib.sha256(place.slug.encode()).hexdigest(),
        address="/events/",
        made_at=place.now,
    )


def _letters(place):
    for n in range(2):
        models.Letter.objects.create(
            municipality=place.municipality,
            key=f"{place.slug}:{n}",
            person=place.methodist,
            address=place.methodist.email,
            subject="План возвращён, 1 замечание",
            body="Добавьте встречу для 5 классов.",
            sent_at=place.now,
        )
