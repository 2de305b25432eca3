"""Russian text as people write it: one order, one normal form of names."""

import re

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Lower, Replace

_QUOTES = str.maketrans(dict.fromkeys("«»\"'“”„‘’`", " "))
_LATIN = str.maketrans("aceopxyABCEHKMOPTXy", "асеорхуАВСЕНКМОРТХу")


class RussianOrder(Func):
    """`fold_yo` of a column: a key to search in and to order by, ё with е.

    The server has no Russian collation.
    """

    template = "%(expressions)s"

    def __init__(self, field):
        lower = Lower(F(field), output_field=TextField())
        key = Replace(lower, Value("ё"), Value("е"), output_field=TextField())
        super().__init__(key, output_field=TextField())


def fold_yo(text):
    """Lower case with ё as е: the form in which names and words are compared."""
    return text.lower().replace("ё", "е")


def tidy_name(text):
    """A part of a person's name as it should be stored: one space, no Latin twins, capitals.

    >>> tidy_name("  ИВАНОВА - петрова ")
    'Иванова-Петрова'
    """
    text = " ".join(str(text).replace("\N{EN DASH}", "-").split())
    text = re.sub(r"\s*-\s*", "-", text)
    if re.search("[а-яё]", text, re.IGNORECASE):
        text = text.translate(_LATIN)
    return re.sub(r"[^\W\d_]{2,}", lambda word: _capital(word.group()), text)


def _capital(word):
    """«Оглы» and «кызы» are not names by themselves and stay small."""
    if word.lower() in ("оглы", "кызы", "угли", "заде"):
        return word.lower()
    return word.capitalize() if word.isupper() or word.islower() else word


def normalize_name(text):
    """Key of an organization's or a person's name: case, quotes, spaces, № and Latin twins apart.

    >>> normalize_name('МБОУ "СОШ №1"') == normalize_name("мбоу «сош № 1»")
    True
    """
    text = re.sub(r"№|\bno\b|#", " № ", str(text), flags=re.IGNORECASE)
    text = fold_yo(text.translate(_QUOTES).translate(_LATIN))
    return " ".join(re.sub(r"[^\w№]+", " ", text).split())
