"""Import of people from the command line: the same preview and the same rules as the page."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from communities.imports import apply as service
from communities.models import Municipality, Role, User


class Command(BaseCommand):
    """`import_people --municipality nikolsky list.xlsx [--apply] [--partial]`"""

    help = "Check a list of people and, with --apply, write it down."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--municipality", required=True, help="its slug")
        parser.add_argument("--apply", action="store_true", help="write, not only check")
        parser.add_argument("--partial", action="store_true", help="leave out rows with errors")
        parser.add_argument("--as", dest="email", help="e-mail of the methodist who imports")

    def handle(self, *args, file, municipality, email, **options):
        if not file.is_file():
            raise CommandError(_("There is no such file: %(name)s") % {"name": file})
        actor = self._methodist(municipality, email)
        try:
            batch = service.start(file, file_name=file.name, actor=actor)
            self._report(batch.preview)
            if options["apply"]:
                service.apply(batch, actor=actor, partial=options["partial"])
                self.stdout.write(_("The list is applied."))
        except service.ImportRefused as error:
            raise CommandError(str(error)) from None

    def _methodist(self, slug, email):
        municipality = Municipality.objects.filter(slug=slug).first()
        if municipality is None:
            raise CommandError(_("There is no such municipality: %(name)s") % {"name": slug})
        people = User.objects.filter(municipality=municipality, role_grants__role=Role.METHODIST)
        people = people.filter(email=email.lower()) if email else people.filter(is_active=True)
        actor = people.select_related("municipality").order_by("pk").first()
        if actor is None:
            raise CommandError(_("The municipality has no methodist in whose name to import."))
        return actor

    def _report(self, preview):
        self.stdout.write(
            _("New: %(new)s, changed: %(changed)s, same: %(same)s, with errors: %(wrong)s")
            % {name: preview[name] for name in ("new", "changed", "same", "wrong")}
        )
        for post, places in preview["posts"]:
            self.stdout.write(
                _("No post: %(n)s, taken as «%(post)s»") % {"n": places, "post": post}
            )
        for finding in preview["errors"] + preview["notes"]:
            self.stdout.write(
                "{sheet}!{row} {column} «{value}»: {problem} {remedy}".format(**finding)
            )
