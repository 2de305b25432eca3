"""Import of people from the command line: the same preview, rules and undoing as the page."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from communities.imports import apply as service
from communities.imports.columns import FIELDS
from communities.imports.undo import undo as undo_import
from communities.models import ImportBatch, Municipality, Role, User


class Command(BaseCommand):
    """`import_people --municipality nikolsky list.xlsx [--column "Примечание=post"] [--apply]`"""

    help = "Check a list of people and, with --apply, write it down; --undo takes a list back."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--municipality", required=True, help="its slug")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="TITLE=FIELD",
            help=f"what a column means, nothing to leave it out; fields: {', '.join(FIELDS)}",
        )
        parser.add_argument("--apply", action="store_true", help="write, not only check")
        parser.add_argument("--partial", action="store_true", help="leave out rows with errors")
        parser.add_argument("--undo", type=int, metavar="NUMBER", help="of an applied import")
        parser.add_argument("--as", dest="email", help="e-mail of the methodist who imports")

    def handle(self, *args, municipality, email, undo, **options):
        actor = self._methodist(municipality, email)
        try:
            if undo is None:
                self._import(actor, **options)
            else:
                self._undo(actor, undo)
        except service.ImportRefused as error:
            raise CommandError(str(error)) from None

    def _import(self, actor, *, file, column, partial, **options):
        if file is None or not file.is_file():
            raise CommandError(_("There is no such file: %(name)s") % {"name": file or ""})
        batch = service.start(file, file_name=file.name, actor=actor)
        if column:
            columns = _columns_of(batch.sheets, [answer.rpartition("=") for answer in column])
            batch = service.remap(batch, columns=columns, organization=None, actor=actor)
        self._report(batch.preview)
        if options["apply"]:
            service.apply(batch, actor=actor, partial=partial)
            self.stdout.write(_("The list is applied."))
        self.stdout.write(_("Number of the import: %(number)s") % {"number": batch.pk})

    def _undo(self, actor, number):
        batch = ImportBatch.objects.visible_to(actor).filter(pk=number).first()
        if batch is None:
            raise CommandError(_("There is no such import: %(number)s") % {"number": number})
        undo_import(batch, actor=actor)
        self.stdout.write(_("The import is undone. The former values are back."))

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


def _columns_of(sheets, answers):
    """The columns of each sheet as recognised, and as the answers say otherwise."""
    for title, _equals, field in answers:
        if field not in ("", *FIELDS):
            raise CommandError(_("There is no such field: %(name)s") % {"name": field})
        if not any(title in sheet["titles"] for sheet in sheets):
            raise CommandError(_("There is no such column: %(name)s") % {"name": title})
    found = [_columns(sheet, answers) for sheet in sheets]
    if not all(
        {"full_name"} & set(one) or {"last_name", "first_name"} <= set(one) for one in found
    ):
        raise CommandError(_("Say which column holds the full name."))
    return found


def _columns(sheet, answers):
    columns = dict(sheet["columns"])
    for title, _equals, field in answers:
        if title in sheet["titles"]:
            place = sheet["titles"].index(title)
            columns = {name: at for name, at in columns.items() if at != place}
            columns |= {field: place} if field else {}
    return columns
