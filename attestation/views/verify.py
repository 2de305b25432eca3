"""The public check of papers: type the code, see whether the paper is genuine."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from attestation import verification
from network_portal.forms import PortalForm
from network_portal.htmx import render_page


class CodeForm(PortalForm):
    code = forms.CharField(
        label=gettext_lazy("Code of the paper"),
        max_length=40,
        help_text=gettext_lazy("Twelve letters and digits beside the QR code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self):
        code = verification.clean_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _("A code has twelve letters and digits, for example 7KQ2-M9XA-4TPH.")
            )
        return code


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
