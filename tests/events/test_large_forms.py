"""Forms as large as an honest one may be: every person of an event is a field or two."""

from communities.models import User
from events.models import Attendance
from tests.factories import held_event


def test_list_of_a_thousand_people_is_saved_without_a_script(people, as_):
    event = held_event(municipality=people.municipality, association=people.association)
    event.state = event.State.PUBLISHED
    event.save()
    crowd = User.objects.bulk_create(
        User(municipality=people.municipality, last_name=f"Гость{n}", first_name="Анна")
        for n in range(1001)
    )
    ids = [person.pk for person in crowd]
    answer = as_(people.leader).post(
        f"/events/{event.pk}/attendance/", {"person": ids, "was": ids[:1000]}
    )
    assert answer.status_code == 302
    assert Attendance.objects.filter(event=event).count() == 1
