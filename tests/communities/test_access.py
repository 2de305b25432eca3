"""The guest of a municipality is nobody: a row without an owner is not the guest's."""

import pytest
import rules

from communities.access import Guest, can
from events.models import Event
from tests.factories import AssignmentFactory, EventFactory, JobFactory

OF_NOBODY = {
    "communities.do_assignment": lambda people: AssignmentFactory(
        municipality=people.municipality, association=people.association
    ),
    "communities.retry_job": lambda people: JobFactory(
        municipality=people.municipality, owner=None
    ),
    "events.change_event": lambda people: an_event(people),
    "events.mark_attendance": lambda people: an_event(people),
    "events.run_event": lambda people: an_event(people),
    "events.write_minutes": lambda people: an_event(people),
}


def an_event(people):
    return EventFactory(municipality=people.municipality, created_by=None)


@pytest.mark.parametrize("permission", OF_NOBODY)
def test_guest_may_do_nothing_with_a_row_that_nobody_owns(people, permission):
    assert rules.perm_exists(permission)
    assert not can(Guest(people.municipality), permission, OF_NOBODY[permission](people))


def test_guest_sees_no_controls_of_an_event_that_nobody_made(people, client):
    page = client.get(an_event(people).get_absolute_url())
    shown = page.status_code, page.context["runs"], page.context["may_change"]
    assert shown == (200, False, False)


def test_released_leader_no_longer_runs_the_events_they_made(people):
    event = EventFactory(
        municipality=people.municipality,
        association=people.association,
        created_by=people.leader,
        state=Event.State.CLOSED,
    )
    assert can(people.leader, "events.write_minutes", event)
    people.association.memberships.filter(role="leader").delete()
    released = type(people.leader).objects.get(pk=people.leader.pk)
    assert not can(released, "events.write_minutes", event)
