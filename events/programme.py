"""Programme of an event: talks in order and who gives them."""

from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _

from communities import audit
from communities.models import Employment, User
from events.models import Talk, TalkSpeaker

FOUND_AT_MOST = 10


class ProgrammeError(Exception):
    """Something a programme does not allow; the text is for the reader."""


@transaction.atomic
def add_talk(event, *, title, starts_at, role, actor):
    """Add a talk at the end of the programme."""
    last = event.talks.aggregate(last=Max("position"))["last"]
    talk = event.talks.create(
        title=title, starts_at=starts_at, role=role, position=0 if last is None else last + 1
    )
    audit.record("event.add_talk", event, actor=actor, talk=talk.pk)
    return talk


@transaction.atomic
def change_talk(talk, *, title, starts_at, role, actor):
    """Change what is said, when and as what."""
    talk.title, talk.starts_at, talk.role = title, starts_at, role
    talk.save(update_fields=["title", "starts_at", "role"])
    audit.record("event.change_talk", talk.event, actor=actor, talk=talk.pk)
    return talk


@transaction.atomic
def delete_talk(talk, *, actor):
    """Take a talk out of the programme."""
    audit.record("event.delete_talk", talk.event, actor=actor, talk=talk.pk)
    talk.delete()


@transaction.atomic
def move_talk(talk, step, *, actor):
    """Move a talk up (-1) or down (1); positions become 0, 1, 2 …"""
    talks = list(talk.event.talks.select_for_update().order_by("position", "id"))
    if talk not in talks:
        return  # deleted at the same moment
    place = talks.index(talk)
    other = place + step
    if 0 <= other < len(talks):
        talks[place], talks[other] = talks[other], talks[place]
    for position, row in enumerate(talks):
        row.position = position
    Talk.objects.bulk_update(talks, ["position"])
    audit.record("event.move_talk", talk.event, actor=actor, talk=talk.pk)


@transaction.atomic
def add_speaker(talk, person, *, actor):
    """Add a person of the network with the main place of work of that day."""
    Talk.objects.select_for_update().get(pk=talk.pk)  # a second press finds the first
    if talk.speakers.filter(person=person).exists():
        raise ProgrammeError(_("This person is a speaker of this talk already."))
    speaker = talk.speakers.create(
        person=person,
        organization_id=_main_organization(person, talk.event),
        position=talk.speakers.count(),
    )
    audit.record("event.add_speaker", talk.event, actor=actor, talk=talk.pk, person=person.pk)
    return speaker


@transaction.atomic
def add_guest(talk, *, name, organization, actor):
    """Add a speaker from outside by name."""
    speaker = talk.speakers.create(
        name=name, organization=organization, position=talk.speakers.count()
    )
    audit.record("event.add_speaker", talk.event, actor=actor, talk=talk.pk)
    return speaker


@transaction.atomic
def remove_speaker(speaker, *, actor):
    """Take a speaker off a talk."""
    event, talk = speaker.talk.event, speaker.talk_id
    speaker.delete()
    audit.record("event.remove_speaker", event, actor=actor, talk=talk)


@transaction.atomic
def copy_programme(source, event, *, actor):
    """Take the talks and speakers of another event over, for the organizer to change."""
    for talk in source.talks.prefetch_related("speakers__person"):
        copy = add_talk(
            event, title=talk.title, starts_at=talk.starts_at, role=talk.role, actor=actor
        )
        for speaker in talk.speakers.all():
            if speaker.person_id:
                add_speaker(copy, speaker.person, actor=actor)
            else:
                organization = speaker.organization
                add_guest(copy, name=speaker.name, organization=organization, actor=actor)


def find_people(user, words, day):
    """Colleagues with these names, each with the place of work of the day."""
    people = User.objects.visible_to(user).named(words)
    return list(people.with_workplace(day).in_order()[:FOUND_AT_MOST])


def programme_of(event):
    """Talks with their speakers in two queries."""
    speakers = TalkSpeaker.objects.select_related("person", "organization")
    return list(event.talks.prefetch_related(Prefetch("speakers", queryset=speakers)))


def _main_organization(person, event):
    work = Employment.objects.in_force(event.local_date).filter(person=person)
    return work.main_first().values_list("organization_id", flat=True).first()
