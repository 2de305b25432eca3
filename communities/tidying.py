"""What nobody needs any more goes: old sessions, notes, files of jobs, lists never applied."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from communities import jobs, sent_forms
from communities.models import ImportBatch, Job, SentForm

# Exports, dossiers and lists of people hold personal data: kept as long as somebody may come
# back for them (152-FZ, article 5.7).
KEPT_FOR = timedelta(days=30)


def tidy():
    """Run once a day; twice does no harm."""
    call_command("clearsessions")
    before = timezone.now() - KEPT_FOR
    forget_jobs(before)
    forget_lists(before)
    SentForm.objects.filter(made_at__lt=timezone.now() - sent_forms.KEPT).delete()


def forget_jobs(before):
    """Delete jobs done before this moment, then the files of jobs as old, lost attempts' too.

    A failed job stays: its owner may still put it back into the queue.
    """
    Job.objects.filter(state=Job.State.DONE, finished_at__lt=before).delete()
    try:
        _folders, names = default_storage.listdir(jobs.FOLDER)
    except FileNotFoundError:  # no job has made a file yet
        return
    for name in names:
        if default_storage.get_modified_time(f"{jobs.FOLDER}/{name}") < before:
            default_storage.delete(f"{jobs.FOLDER}/{name}")


def forget_lists(before):
    """Delete lists of people that were looked at and never applied."""
    state = ImportBatch.State.PREVIEW
    ImportBatch.objects.filter(state=state, created_at__lt=before).delete()
