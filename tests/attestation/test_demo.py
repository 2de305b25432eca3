"""The demo district: built whole and built once."""

import io
import json

import docx
import pytest
from django.core.management import call_command

from attestation import integrity, paper
from attestation.demo import accounts, build
from attestation.models import AnnualReport, Certificate, Participation
from communities import seals
from communities.models import Employment, Membership, Municipality, Organization, User
from events.models import Event
from materials.models import Material
from tests.attestation import core

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(rolled_back):
    """One built district for the whole module."""
    build.build()
    return Municipality.objects.get(slug="nikolsky")


@pytest.fixture(autouse=True)
def media():
    """The module's own media folder stays in force."""


def of(municipality, model):
    return model.objects.filter(municipality=municipality)


def test_nothing_is_there_before_the_build(db):
    assert not Municipality.objects.exists()


def test_second_build_changes_nothing(demo):
    before = {model: model.objects.count() for model in (User, Event, Material)}
    assert build.build() == "The demo district is there already."
    assert {model: model.objects.count() for model in (User, Event, Material)} == before


def test_standing_district_is_left_as_it_is_whatever_scale_is_asked(demo):
    told = build.build(scale=3)
    assert "already with --scale 1: it is left as it is" in told


def accounts_told(capsys, **options):
    call_command("demo", **options)
    return [line.strip() for line in capsys.readouterr().out.splitlines() if "@" in line]


def test_accounts_are_told_once_at_every_call_unless_somebody_else_tells_them(demo, capsys):
    told = accounts_told(capsys)
    assert told == [accounts.address(name) for name in accounts.NAMES]
    assert User.objects.filter(email__in=told, is_active=True).count() == len(told)
    assert all(row.check_password(accounts.PASSWORD) for row in User.objects.filter(email=told[0]))
    assert accounts_told(capsys, quiet=True) == []


def test_nobody_has_a_password_but_those_who_are_told(demo):
    with_one = [row.email for row in User.objects.all() if row.has_usable_password()]
    assert sorted(with_one) == sorted(map(accounts.address, accounts.NAMES))


def test_district_is_the_size_of_the_real_one(demo):
    teachers = of(demo, Employment).filter(is_teaching=True).values("person").distinct()
    assert of(demo, Organization).filter(kind__is_educational=True).count() == 50
    assert 500 <= teachers.count() <= 580
    assert of(demo, Material).count() == 300
    assert of(demo, Certificate).count() > 100


def test_past_year_is_full(demo):
    start = of(demo, Event).order_by("-school_year__start").first().school_year.start - 1
    facts = of(demo, Participation).filter(school_year__start=start)
    assert 85 <= of(demo, Event).filter(school_year__start=start).count() <= 110
    assert 1_800 <= facts.filter(role="listener").count() <= 2_400


def test_leaders_follow_from_orders(demo):
    leaders = of(demo, Membership).filter(role="leader", ends_on=None)
    assert leaders.count() == 20
    assert not leaders.filter(item=None).exists()


def test_core_report_states_the_figures_of_the_document(demo, capsys):
    call_command("report", "--municipality", "nikolsky", "--year", "2020-21", "--json")
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert {code: figures[code] for code in core.FIGURES} == core.FIGURES


def test_core_report_says_what_the_document_says(demo):
    report = of(demo, AnnualReport).get(school_year__start=2020, association=None)
    with report.docx.open() as file:
        written = docx.Document(io.BytesIO(file.read()))
    lines = [paragraph.text for paragraph in written.paragraphs]
    lines += [cell.text for table in written.tables for row in table.rows for cell in row.cells]
    head = ["Согласовано", "Начальник Управления образования", "Н.С. Орлова", "25.06.2021"]
    assert core.missing("\n".join(lines), [*head, *core.SENTENCES]) == []
    found = [p.text for p in written.paragraphs if p.style.name.startswith("Heading")]
    assert found == core.HEADINGS


def test_reports_of_later_years_have_all_sections(demo):
    signed = of(demo, AnnualReport).filter(state="approved", association=None)
    report = signed.get(school_year__start__gt=2020)
    headings = [one["heading"] for one in paper.of(report)["sections"] if one["is_heading_shown"]]
    assert "Мероприятия" in headings
    assert "(чат)" not in report.seal.payload


def test_chains_are_whole(demo):
    for municipality in Municipality.objects.all():
        assert seals.verify_municipality(municipality) == []
        assert list(integrity.of_municipality(municipality)) == []
