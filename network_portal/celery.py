"""Background work: the Celery application, its tasks are found in the apps."""

import os
import signal

from celery import Celery
from celery.signals import worker_process_init

from network_portal.embedded.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_portal.settings")

app = Celery("network_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def end_with_the_worker(**kwargs):
    """A killed worker takes its processes along: half a job is not finished by an orphan."""
    die_with_parent(signal.SIGKILL, parent=os.getppid())()
