"""What nobody needs any more goes: old sessions, files of finished jobs, lists never applied."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from communities.models import ImportBatch, Job

# Exports, dossiers and lists of people hold personal data: kept as long as somebody may come
# back for them (152-FZ, article 5.7).
KEPT_FOR = timedelta(days=30)


def tidy():
    """Run once a day; twice does no harm."""
    call_command("clearsessions")
    forget_jobs()
    forget_lists()


@transaction.atomic
def forget_jobs():
    """Delete ended jobs with the files they made; what comes of them elsewhere stays."""
    old = Job.objects.filter(
        state__in=(Job.State.DONE, Job.State.FAILED), finished_at__lt=timezone.now() - KEPT_FOR
    )
    names = [name for name in old.values_list("result__file", flat=True) if name]
    old.delete()
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names])


def forget_lists():
    """Delete lists of people that were looked at and never applied."""
    ImportBatch.objects.filter(
        state=ImportBatch.State.PREVIEW, created_at__lt=timezone.now() - KEPT_FOR
    ).delete()
