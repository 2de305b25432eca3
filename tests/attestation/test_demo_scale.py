"""How the demo grows with --scale: teachers, events and materials do, the district does not."""

from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from attestation.demo import agenda, bank, themes
from attestation.demo.district import people
from bench.__main__ import main as bench

KINDS = tuple(agenda.MEETING_MONTHS)
PLANS = {
    **{f"meetings of {kind}": lambda scale, kind=kind: agenda.meetings(kind, scale=scale)
       for kind in KINDS},
    "meetings of the core year": lambda scale: agenda.meetings("district", "core", scale),
    "seminars of plans": lambda scale: agenda.planned_seminars(7, scale),
    "seminars of the department": agenda.department_seminars,
    "contests": agenda.contests,
    "materials": bank.count,
}  # fmt: skip


@pytest.mark.parametrize("what", PLANS)
def test_twice_the_scale_is_twice_the_rows(what):
    once, twice = PLANS[what](1), PLANS[what](2)
    if what == "materials":
        assert (once, twice) == (300, 600)
    else:
        assert len(twice) == 2 * len(once)
        assert twice[: len(once)] == once


def test_seminars_of_the_department_go_round_the_associations():
    places = [place for place, _title, _month in agenda.department_seminars(2)]
    assert places == list(range(2 * len(themes.SEMINARS)))
    assert agenda.in_turn(themes.ASSOCIATIONS, 23) == themes.ASSOCIATIONS[3]


def a_district(scale):
    """As much of a district as the plan of its staff asks for."""
    kinds = {"school": 15, "preschool": 33, "additional": 2, "museum": 1, "college": 1}
    by_kind = {
        kind: [f"{kind} {n}" for n in range(count)]
        for kind, count in {**kinds, "enterprise": 1}.items()
    }
    return SimpleNamespace(by_kind=by_kind, scale=scale)


def test_teachers_grow_and_posts_that_a_place_has_once_do_not():
    once, twice = (people.staff_of(a_district(scale)) for scale in (1, 2))
    teachers = 15 * 21 + 33 * 4 + 2 * 12
    assert len(twice) - len(once) == teachers
    for post in ("заместитель директора", "директор", "заведующий", "специалист"):
        assert sum(row[1] == post for row in once) == sum(row[1] == post for row in twice)
    assert {row[0] for row in once} == {row[0] for row in twice}


@pytest.mark.parametrize("scale", [0, -3])
def test_scale_below_one_is_refused(scale, capsys, monkeypatch):
    with pytest.raises(CommandError, match="1 or more"):
        call_command("demo", scale=scale)
    monkeypatch.setattr("sys.argv", ["bench", "--scale", str(scale)])
    with pytest.raises(SystemExit):
        bench()
    assert "1 or more" in capsys.readouterr().err
