"""Celery tasks of PROOF: call a function."""

from celery import shared_task

from attestation import deadlines


@shared_task(name="attestation.remind_deadlines")
def remind_deadlines():
    deadlines.remind_all()


@shared_task(name="attestation.start_yearly_batch")
def start_yearly_batch():
    deadlines.start_batches()
