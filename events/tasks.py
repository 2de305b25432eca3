"""Celery tasks of WHEN: call a function."""

from celery import shared_task

from communities.models import Municipality
from events import years


@shared_task(name="events.open_school_years")
def open_school_years():
    for municipality in Municipality.objects.all():
        years.open_worked_years(municipality)
