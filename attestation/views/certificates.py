"""Certificates: asking for one's own, issuing to everybody, the register and its mending."""

import re

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from attestation import certificates, record_jobs
from attestation.models import Certificate, Participation
from attestation.paper_forms import ReasonForm
from communities.access import can, require
from communities.models import User
from events.models import Event
from network_portal.addresses import way_back
from network_portal.htmx import render_page
from network_portal.paging import page_of

NUMBER = re.compile(r"(?:\S*-)?(\d{4})-(\d{1,9})|№?\s*(\d{1,9})")
CODE = re.compile(r"\w{4}-\w{4}-\w{4}")
TONES = {"valid": "ok", "annulled": "bad", "replaced": "wait"}


@require_GET
def event_proof(request, pk):
    """The part of an event page that speaks of certificates."""
    event = _event(request, pk)
    facts = Participation.objects.visible_to(request.user)
    context = {
        "event": event,
        "certificate": certificates.valid_of(event, request.user),
        "was_there": facts.filter(event=event, person=request.user, material=None).exists(),
        "may_issue": can(request.user, "events.run_event", event),
        "issued": certificates.issued(event),
    }
    return render_page(request, "attestation/event_proof.html", context, fragment="proof")


def _event(request, pk):
    return get_object_or_404(Event.objects.visible_to(request.user), pk=pk)


@require_POST
def certificate_issue(request, pk):
    """One's own certificate of an event, made when first asked for."""
    event = _event(request, pk)
    try:
        certificates.issue_own(event, request.user, actor=request.user)
    except certificates.CertificateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The certificate is ready."))
    return HttpResponseRedirect(way_back(request, event.get_absolute_url()))


@require_POST
def certificates_issue(request, pk):
    """Certificates for everybody who took part."""
    event = _event(request, pk)
    require(request.user, "events.run_event", event)
    if event.state != Event.State.CLOSED:
        messages.error(request, _("Certificates are issued when the attendance is closed."))
        return redirect(event)
    return redirect(record_jobs.order_certificates(event, actor=request.user))


@require_GET
def certificate_pdf(request, pk):
    """The paper as it was sealed, whatever has been renamed since."""
    certificate = _certificate(request, pk)
    response = HttpResponse(certificates.pdf(certificate), content_type="application/pdf")
    name = _("Certificate %(number)s.pdf") % {"number": certificate.register_number}
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _certificate(request, pk):
    rows = Certificate.objects.visible_to(request.user).filter(seal__isnull=False)
    rows = rows.select_related("seal", "municipality", "person", "event")
    return get_object_or_404(rows, pk=pk)


@require_GET
def certificate_list(request):
    """The register, newest first; found by number, check code or name."""
    require(request.user, "attestation.view_certificates")
    query = " ".join(request.GET.get("q", "").split())[:200]
    rows = Certificate.objects.visible_to(request.user).select_related(
        "municipality", "person", "event", "replaced_by__municipality"
    )
    if query:
        rows = rows.filter(_matching(request.user, query))
    page = page_of(rows.order_by("-year", "-number"), request.GET)
    context = {
        "page": page,
        "rows": [(row, TONES[row.state]) for row in page],
        "query": query,
        "may_annul": can(request.user, "attestation.annul_certificate"),
    }
    return render_page(request, "attestation/certificate_list.html", context, fragment="rows")


def _matching(user, query):
    if found := NUMBER.fullmatch(query):
        year, number, alone = found.groups()
        if alone:
            return Q(number=min(int(alone), 2**31 - 1))
        return Q(year=min(int(year), 32767), number=min(int(number), 2**31 - 1))
    if CODE.fullmatch(query):
        return Q(seal__code=query.upper())
    return Q(person__in=User.objects.visible_to(user).named(query).values("pk"))


def certificate_annul(request, pk):
    """The paper stays in the register, and its check page says that it is no longer good."""
    certificate = _to_mend(request, pk)
    return _mend(
        request,
        certificate,
        certificates.annul,
        heading=_("Annul certificate No. %(n)s?") % {"n": certificate.register_number},
        text=_("Its check page will say that it is annulled, and why."),
        action=_("Annul the certificate"),
        done=_("The certificate is annulled."),
    )


def certificate_reissue(request, pk):
    """A new paper with today's names in place of the old one."""
    certificate = _to_mend(request, pk)
    return _mend(
        request,
        certificate,
        certificates.reissue,
        heading=_("Issue certificate No. %(n)s anew?") % {"n": certificate.register_number},
        text=_("The check page of the old one will lead to the new one."),
        action=_("Issue anew"),
        done=_("The new certificate is issued."),
    )


def _to_mend(request, pk):
    certificate = _certificate(request, pk)
    require(request.user, "attestation.annul_certificate", certificate)
    return certificate


def _mend(request, certificate, change, *, heading, text, action, done):
    """Ask for the reason; then do it, or say why it cannot be done."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change(certificate, actor=request.user, reason=form.cleaned_data["reason"])
        except certificates.CertificateError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return redirect("attestation:certificate-list")
    about = _("%(person)s, «%(event)s»") % {
        "person": certificate.person.full_name,
        "event": certificate.event.title,
    }
    context = {
        "heading": heading,
        "consequences": [about, text],
        "form": form,
        "action": action,
        "back": reverse("attestation:certificate-list"),
        "danger": change is certificates.annul,
    }
    return render_page(request, "confirm.html", context, fragment="confirm")
