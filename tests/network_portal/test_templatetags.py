"""Icons, rules, dates and pages in templates."""

import re
from xml.etree import ElementTree

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template

from network_portal.icons import SHAPES
from network_portal.templatetags.portal import icon, pages_around


def rendered(text, **context):
    return Template(text).render(Context(context))


@pytest.mark.parametrize("name", SHAPES)
def test_icon_is_a_drawing_hidden_from_readers_aloud(name):
    svg = ElementTree.fromstring(icon(name))  # noqa: S314 our own drawing
    assert svg.attrib["aria-hidden"] == "true"
    assert svg.attrib["viewBox"] == "0 0 24 24"
    assert len(svg) > 0


@pytest.mark.parametrize("name", SHAPES)
def test_icon_stays_inside_its_grid(name):
    starts = re.findall(r"M(-?[\d.]+)[ ,](-?[\d.]+)", SHAPES[name])
    assert all(0 <= float(number) <= 24 for pair in starts for number in pair)


def test_unknown_icon_is_an_error():
    with pytest.raises(KeyError):
        rendered('{% icon "no-such-thing" %}')


def test_filters_leave_nothing_for_nothing():
    text = "{{ x|day }}{{ x|number }}{{ x|size }}{{ x|clock }}{{ x|short_name }}{{ x|days_to:x }}"
    assert rendered(text, x=None) == ""


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, [1, 2, None, 48]),
        (3, [1, 2, 3, 4, None, 48]),
        (20, [1, None, 19, 20, 21, None, 48]),
        (48, [1, None, 47, 48]),
    ],
)
def test_pager_names_first_last_and_neighbours(number, shown):
    assert pages_around(Paginator(range(960), 20).page(number)) == shown


def test_can_asks_the_rules(people, rf):
    request = rf.get("/")
    text = '{% can "communities.view_manage" as may %}{{ may }}'
    answers = []
    for person in (people.methodist, people.teacher):
        request.user = person
        answers.append(rendered(text, request=request))
    assert answers == ["True", "False"]
