"""Size, colours and spacing of text: chosen by the reader, kept in a cookie for a year."""

from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

COOKIE = "view"
YEAR = 365 * 24 * 3600

SIZES = (
    ("", "100\u00a0%"),
    ("l", "125\u00a0%"),
    ("xl", "150\u00a0%"),
    ("xxl", "200\u00a0%"),
)
COLOURS = (
    ("", _("As in the system")),
    ("light", _("Notebook")),
    ("dark", _("Blackboard")),
    ("bw", _("Black on white")),
    ("wb", _("White on black")),
    ("blue", _("Blue on light blue")),
)
SPACINGS = (("", _("Normal spacing")), ("wide", _("Wide")))
PICTURES = (("", _("Show")), ("off", _("Hide")))
CHOICES = {"size": SIZES, "colours": COLOURS, "spacing": SPACINGS, "pictures": PICTURES}
HIGH_CONTRAST = ("bw", "wb", "blue")


@dataclass(frozen=True)
class View:
    """One reader's choice; an empty string is the default."""

    size: str = ""
    colours: str = ""
    spacing: str = ""
    pictures: str = ""

    @property
    def theme(self):
        return self.colours if self.colours in ("light", "dark") else ""

    @property
    def contrast(self):
        return self.colours if self.colours in HIGH_CONTRAST else ""

    @property
    def groups(self):
        """Rows for the form: name, title, choices with the chosen one marked."""
        titles = {
            "size": _("Text size"),
            "colours": _("Colours"),
            "spacing": _("Letter and line spacing"),
            "pictures": _("Pictures"),
        }
        return [
            (name, titles[name], [(v, label, v == getattr(self, name)) for v, label in choices])
            for name, choices in CHOICES.items()
        ]


def chosen(values):
    """A View of what is allowed among `values`, whatever else they hold."""
    allowed = {name: {value for value, _ in choices} for name, choices in CHOICES.items()}
    return View(**{name: v for name in CHOICES if (v := values.get(name, "")) in allowed[name]})


def read(request):
    """The choice kept in the cookie."""
    pairs = (part.partition(":") for part in request.COOKIES.get(COOKIE, "").split("."))
    return chosen({name: value for name, _, value in pairs})


def write(response, view):
    """Keep the choice for a year; the default needs no cookie."""
    value = ".".join(f"{name}:{v}" for name, v in asdict(view).items() if v)
    if value:
        response.set_cookie(COOKIE, value, max_age=YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
