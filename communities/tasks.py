"""Celery tasks of WHO: load by id, call a function."""

from celery import shared_task

from communities import jobs, mail, orders, tidying


@shared_task(name="communities.run_job")
def run_job(pk):
    jobs.run(pk)


@shared_task(name="communities.sweep_jobs")
def sweep_jobs():
    jobs.sweep()


@shared_task(name="communities.send_letters")
def send_letters():
    mail.send_due()


@shared_task(name="communities.follow_orders")
def follow_orders():
    orders.follow_calendar()


@shared_task(name="communities.tidy")
def tidy():
    tidying.tidy()
