"""The public check of papers: type the code, see whether the paper is genuine."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from attestation import verification
from attestation.paper_forms import CodeForm
from network_portal.htmx import render_page


@require_GET
@login_not_required
def verify_form(request):
    """Ask for the code; nothing is written, so the form is sent by GET."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("attestation:verify", form.cleaned_data["code"])
    return render_page(request, "attestation/verify_form.html", {"form": form})


@require_GET
@login_not_required
def verify(request, code):
    """What the portal knows about the paper with this code."""
    clean = verification.clean_code(code)
    if clean and clean != code:
        return redirect("attestation:verify", clean)
    seal = verification.find(clean)
    if seal is None:
        context = {"code": code[:40], "form": CodeForm()}
        return render_page(request, "attestation/verify.html", context, status=404)
    return render_page(request, "attestation/verify.html", verification.page(seal))
