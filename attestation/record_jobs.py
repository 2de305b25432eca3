"""Long work about records: certificates of an event, a dossier, a table of many rows."""

import tempfile

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from attestation import certificates, dossier, exports
from communities import jobs, seals
from communities.models import User
from events.models import Event

CERTIFICATES = "attestation.issue_certificates"
DOSSIER = "attestation.build_dossier"
EXPORT = "attestation.export_participation"


def order_certificates(event, *, actor):
    """Certificates for everybody who took part; asking twice gives the job that runs."""
    return jobs.enqueue(
        CERTIFICATES,
        owner=actor,
        title=_("Certificates: %(event)s") % {"event": event.title},
        key=str(event.pk),
        event_id=event.pk,
    )


@jobs.job(CERTIFICATES)
def issue_certificates(run, *, event_id):
    """All of an event's certificates at once, or none."""
    event = Event.objects.visible_to(run.row.owner).get(pk=event_id)
    run.step(_("Issuing certificates"))
    with run.finish() as result:
        try:
            issued = certificates.issue_for_event(event, actor=run.row.owner)
        except certificates.CertificateError as error:
            raise jobs.JobError(str(error)) from error
        result["count"] = len(issued)
        result["url"] = event.get_absolute_url()
        result["text"] = _("Back to the event")


def order_dossier(person, *, actor):
    """The dossier of a person; while one is being made there is no second."""
    return jobs.enqueue(
        DOSSIER,
        owner=actor,
        title=_("Dossier for 5 years"),
        key=str(person.pk),
        person_id=person.pk,
    )


@jobs.job(DOSSIER)
def build_dossier(run, *, person_id):
    """Collect the facts and their papers, set the PDF, then seal it and say so at once.

    The pages are set before the chain is locked. A file of a lost attempt has a name that no
    finished job knows: `check_files` removes it.
    """
    actor = run.row.owner
    people = User.objects.visible_to(actor).select_related("municipality")
    person = people.get(pk=person_id)
    run.step(_("Collecting facts"))
    today = person.municipality.today()
    facts = dossier.facts_in(person, *dossier.period(today))
    dossier.issue_missing(person, facts, actor=actor)
    payload = dossier.payload_of(person, today, facts)
    run.step(_("Setting the pages"))
    code, now = seals.new_code(), timezone.now()
    content = ContentFile(dossier.pdf(payload, code, now))
    stored = default_storage.save(jobs.file_name(run, "pdf"), content)
    with run.finish() as result:
        seals.seal(dossier.KIND, person, payload, actor=actor, at=now, code=code)
        result["file"] = stored
        result["name"] = _("Dossier %(name)s.pdf") % {"name": person.short_name.rstrip(".")}
        result["size"] = content.size
        result["url"] = reverse("attestation:dossier-file", args=[run.row.pk])
        result["text"] = _("Download the dossier")
        result["back_url"], result["back"] = reverse("attestation:me"), _("My participation")


def order_export(name, *, actor, title, key, **chosen):
    """A table too long for one answer of the server, as a file of this name."""
    return jobs.enqueue(
        EXPORT, owner=actor, title=title, key=f"{actor.pk}:{key}", name=name, **chosen
    )


@jobs.job(EXPORT)
def export_participation(run, *, name, year, organizations, associations, columns, person=None):
    """Write the spreadsheet to the storage under the job's own id, then show its link."""
    facts = exports.facts_for(run.row.owner, year, organizations, associations, person)
    total = facts.count()
    with tempfile.TemporaryFile() as out:
        exports.write_xlsx(
            out, facts, columns, progress=lambda done: run.step(_("Writing rows"), done, total)
        )
        out.seek(0)
        stored = default_storage.save(jobs.file_name(run, "xlsx"), File(out))
    with run.finish() as result:
        result["file"] = stored
        result["name"] = name
        result["url"] = reverse("attestation:export-file", args=[run.row.pk])
        result["text"] = _("Download the table")
