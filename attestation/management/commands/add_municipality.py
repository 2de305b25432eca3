"""A new municipality with its labels and, if named, its first operator."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from attestation.municipalities import open_municipality
from communities import audit, invitations
from communities.models import Municipality, Role, RoleGrant, User
from events import years

FIELDS = {
    "name": "Никольский район",
    "name_genitive": "Никольского района",
    "department_name": "Управление образования Никольского района",
    "department_genitive": "Управления образования Никольского района",
    "head_post": "Начальник Управления образования",
    "head_name": "Н.С. Орлова",
}


class Command(BaseCommand):
    """Prints the link by which the operator sets a password; the same slug is never made twice."""

    help = "Add a municipality; with --operator-email and --operator-name invite its operator."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="in addresses, for example nikolsky")
        parser.add_argument("--code", help="printed in numbers of papers; the slug by default")
        for name, example in FIELDS.items():
            option = "--" + name.replace("_", "-")
            parser.add_argument(option, required=True, help=f"for example: {example}")
        parser.add_argument("--time-zone", default="Europe/Moscow")
        parser.add_argument("--domain", default="", type=str.lower)  # as browsers send it
        parser.add_argument("--phone", default="")
        parser.add_argument("--operator-email")
        parser.add_argument("--operator-name", help="last name, first name and patronymic")

    @transaction.atomic
    def handle(self, *args, slug, operator_email, operator_name, **options):
        if Municipality.objects.filter(slug=slug).exists():
            raise CommandError(_("There already is a municipality «%(name)s».") % {"name": slug})
        municipality = self._opened(slug, options)
        audit.record("municipality.open", municipality, actor=None)
        self.stdout.write(_("Added: %(name)s") % {"name": municipality.name})
        if operator_email:
            link = self._invite(municipality, operator_email, operator_name)
            self.stdout.write(_("Link for the operator: %(link)s") % {"link": link})

    def _opened(self, slug, options):
        fields = {name: options[name] for name in (*FIELDS, "time_zone", "domain", "phone")}
        fields["code"] = options["code"] or slug[:10].upper()
        try:
            Municipality(slug=slug, **fields).full_clean()
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        municipality = open_municipality(slug=slug, **fields)
        years.open_current(municipality)
        return municipality

    def _invite(self, municipality, email, name):
        names = (name or "").split()
        if len(names) < 2:
            raise CommandError(_("Write --operator-name with the last and the first name."))
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from None
        operator = User.objects.create_user(
            municipality=municipality,
            last_name=names[0],
            first_name=names[1],
            patronymic=" ".join(names[2:]),
        )
        RoleGrant.objects.create(
            municipality=municipality,
            person=operator,
            role=Role.OPERATOR,
            starts_on=municipality.today(),
        )
        return invitations.issue(operator, email=email.lower(), invited_by=operator)
