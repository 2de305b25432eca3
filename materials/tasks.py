"""Celery tasks of WHAT: call a function."""

from celery import shared_task

from materials import downloads


@shared_task(name="materials.flush_downloads")
def flush_downloads():
    downloads.flush()
