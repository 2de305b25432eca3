"""What a school year of the demo holds before chance gives it days: so many times `scale`."""

from attestation.demo import themes

MEETING_MONTHS = {
    "district": (9, 11, 1, 4),
    "inter_school": (10, 1, 4),
    "working_group": (10, 12, 3),
}
SEMINAR_MONTHS = (2, 5)
DEPARTMENT_MONTHS = (10, 11, 12, 1, 2, 3, 4)
CONTEST_MONTHS = (11, 12, 2, 3, 4, 1)


def meetings(kind, shape="full", scale=1, number=0):
    """Title and month of each meeting of the association with this number; two in the core year.

    The first plans the year, the last sums it up, those between are each about something else.
    """
    months = MEETING_MONTHS[kind][: 2 if shape == "core" else None]
    between = [in_turn(themes.MEETINGS, 2 * number + place) for place in range(len(months) - 2)]
    titles = [themes.FIRST_MEETING, *between, themes.LAST_MEETING]
    return list(zip(titles, months, strict=True)) * scale


def planned_seminars(number, scale=1, titles=themes.SEMINARS):
    """Title and month of the seminars in the plan of the association with this number."""
    return [(in_turn(titles, number + month), month) for month in SEMINAR_MONTHS] * scale


def department_seminars(scale=1):
    """Place of the association that holds it, title and month of each seminar beyond the plans."""
    count = len(themes.SEMINARS)
    return [
        (place, in_turn(themes.SEMINARS, place), in_turn(DEPARTMENT_MONTHS, place % count))
        for place in range(count * scale)
    ]


def contests(scale=1):
    """Title and month of each contest."""
    return list(zip(themes.CONTESTS, CONTEST_MONTHS, strict=True)) * scale


def in_turn(rows, place):
    """The row at this place of an endless repetition."""
    return rows[place % len(rows)]
