"""Assignments, jobs, imports and letters of a neighbour, in every state."""

import datetime
import tempfile

from attestation.demo import office_files
from communities import audit, models
from communities.imports import apply as imports
from communities.imports.undo import undo


def build(place):
    """What waits, works, is done or failed, and a line of the journal."""
    _assignments(place)
    _jobs(place)
    _batches(place)
    _letters(place)
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
    for state in models.Job.State:
        models.Job.objects.create(
            municipality=place.municipality,
            owner=place.methodist,
            kind="attestation.build_dossier",
            title="Досье за 5 лет",
            state=state,
            attempt=5,
            heartbeat_at=place.now,
            error="Нет места на диске" if state == models.Job.State.FAILED else "",
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


def _letters(place):
    for n in range(2):
        models.Letter.objects.create(
            municipality=place.municipality,
            key=f"{place.slug}:{n}",
            person=place.methodist,
            address="neighbour@demo.example",
            subject="План возвращён, 1 замечание",
            body="Добавьте встречу для 5 классов.",
            sent_at=place.now,
        )
