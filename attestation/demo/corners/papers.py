"""Assignments, jobs, imports and letters of a neighbour, in every state."""

import datetime

from communities import audit, models


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
    for state in models.ImportBatch.State:
        models.ImportBatch.objects.create(
            municipality=place.municipality,
            file_name="Список педагогов.xlsx",
            sha256="0" * 64,
            state=state,
            created_by=place.methodist,
            applied_at=place.now if state != models.ImportBatch.State.PREVIEW else None,
            undone_at=place.now if state == models.ImportBatch.State.UNDONE else None,
        )


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
