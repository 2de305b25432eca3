"""What people of one organization took part in, those with none first."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from attestation import record
from attestation.models import Participation
from communities.access import require
from communities.models import Organization, User
from communities.school_year import parse_slug, start_year
from communities.text import fold_yo
from events.models import SchoolYear
from network_portal.htmx import render_page
from network_portal.paging import page_of

NOTHING = {"events": 0, "talks": 0, "materials": 0}


@require_GET
def organization_participation(request, slug):
    """A page of its own, and a part of the organization's card."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), slug=slug)
    require(request.user, "communities.view_organization_people", organization)
    today = request.user.municipality.today()
    years = list(SchoolYear.objects.visible_to(request.user))
    year = _chosen(years, request.GET.get("year", ""), today)
    people = people_with_counts(request.user, organization, year, today)
    context = {
        "organization": organization,
        "year": year,
        "years": [(f"?year={row.slug}", str(row), row == year) for row in years],
        "page": page_of(people, request.GET),
        "export_url": _export_of(organization, year),
        "idle": sum(not any(counts.values()) for _person, counts in people),
    }
    return render_page(
        request, "attestation/organization_participation.html", context, fragment="rows"
    )


def _export_of(organization, year):
    """The table of the rows behind the figures."""
    address = f"{reverse('attestation:participation-export')}?organization={organization.slug}"
    return f"{address}&year={year.slug}" if year else address


def _chosen(years, slug, today):
    """The year of the address, else the current one, else the newest there is."""
    for start in (parse_slug(slug), start_year(today)):
        if found := next((year for year in years if year.start == start), None):
            return found
    return years[0] if years else None


def people_with_counts(user, organization, year, today):
    """Those who teach here today, with what is counted for this organization in the year."""
    facts = Participation.objects.visible_to(user)
    facts = facts.filter(organization=organization, school_year=year)
    counts = {
        row.pop("person"): row
        for row in facts.order_by().values("person").annotate(**record.COUNTS)
    }
    works = organization.employments.in_force(today).filter(is_teaching=True)
    people = User.objects.visible_to(user).filter(pk__in=works.values("person"))
    rows = [(person, counts.get(person.pk, NOTHING)) for person in people]
    return sorted(rows, key=_those_with_none_first)


def _those_with_none_first(row):
    person, counts = row
    return sum(counts.values()), fold_yo(person.full_name), person.pk
