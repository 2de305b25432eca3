"""A long task as its owner sees it: progress, the result or the reason, a second try."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from communities import jobs
from communities.access import require
from communities.models import Job
from network_portal.htmx import render_page


def job_detail(request, pk):
    """The page refreshes itself while the task is alive; leaving it is safe."""
    job = _own(request, pk)
    context = {"job": job, "is_live": job.state in jobs.LIVE}
    response = render_page(request, "communities/job_detail.html", context, fragment="progress")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def job_retry(request, pk):
    """Try a failed task again."""
    job = _own(request, pk)
    require(request.user, "communities.retry_job", job)
    return redirect(jobs.retry(job, actor=request.user))


def _own(request, pk):
    return get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
