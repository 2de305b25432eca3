"""Forms of signing in: allauth's checks in the portal's words."""

import time

from allauth.account import app_settings, forms
from allauth.account.authentication import get_authentication_records
from allauth.core import context as allauth_context
from django.utils.translation import gettext_lazy as _

from network_portal.forms import PortalFormMixin


class PlainFields(PortalFormMixin):
    """Labels and hints of ours; no placeholders, which vanish when one begins to type."""

    words = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.words.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            field.help_text = field.help_text if name == "password1" else ""


class UserFirst:
    """Hands the person over the way allauth's forms expect: before the data."""

    def __init__(self, data=None, *args, user=None, **kwargs):
        super().__init__(user, data, *args, **kwargs)


class SignInForm(PlainFields, forms.LoginForm):
    """E-mail and password, the second way in."""

    words = {"login": _("E-mail"), "password": _("Password")}


class RequestCodeForm(PlainFields, forms.RequestLoginCodeForm):
    """E-mail only, the first way in."""

    words = {"email": _("Work e-mail")}


class ConfirmCodeForm(PlainFields, forms.ConfirmLoginCodeForm):
    """The code from the letter; a link in the letter brings it along."""

    words = {"code": _("Code from the letter")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("code", allauth_context.request.GET.get("code", "")[:20])
        self.fields["code"].widget.attrs.update(autocapitalize="characters", spellcheck="false")


class ChangePasswordForm(PlainFields, UserFirst, forms.ChangePasswordForm):
    """A new password. Who has just come by a code from a letter need not know the old one."""

    words = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if came_by_code(allauth_context.request):
            del self.fields["oldpassword"]


class SetPasswordForm(PlainFields, UserFirst, forms.SetPasswordForm):
    """The first password of somebody who signs in by codes."""

    words = {"password1": _("New password"), "password2": _("New password once more")}


class AskPasswordForm(PlainFields, forms.ReauthenticateForm):
    """The password once more before something that matters."""

    words = {"password": _("Password")}


def came_by_code(request):
    """Whether the last sign-in of this session was by a code, and not long ago."""
    records = get_authentication_records(request, request.user)
    return bool(records) and (
        records[-1].get("method") == "code"
        and time.time() - records[-1]["at"] < app_settings.LOGIN_BY_CODE_TIMEOUT
    )
