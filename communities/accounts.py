"""Sign-in: what allauth needs to know of our people."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context as allauth_context
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities import mail
from communities.models import User


class Backend(AuthenticationBackend):
    """Loads the person together with the municipality that every page asks for."""

    def get_user(self, user_id):
        person = User.objects.select_related("municipality").filter(pk=user_id).first()
        return person if person is not None and person.is_active else None


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by invitation only: the record of a person exists before.

    Letters go through the queue: an absent mail server breaks no page, and an unknown address
    takes as long to answer as a known one.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The e-mail or the password does not fit. Check the keyboard layout "
            "or ask for a code by e-mail."
        ),
        "too_many_login_attempts": _(
            "Too many attempts. Wait five minutes or ask for a new code by e-mail."
        ),
        "incorrect_code": _("This code does not fit. Compare it with the last letter."),
        "incorrect_password": _("This password does not fit. Check the keyboard layout."),
        "enter_current_password": _("This is not your present password."),
        "rate_limited": _("Too many requests. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        request = allauth_context.request
        words = {"email": email, "site": settings.SITE_URL, **context}
        letter = self.render_mail(template_prefix, email, words)
        mail.post_secret(request.user.municipality, email, letter.subject, letter.body)

    def get_password_change_redirect_url(self, request):
        return reverse("attestation:home")
