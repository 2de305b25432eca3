"""One machine for every signed route: a table of arrows, one function that walks them."""

import dataclasses
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import audit
from communities.access import can, require


class TransitionError(Exception):
    """A step that cannot be taken; the text is for the reader."""


@dataclasses.dataclass(frozen=True)
class Transition:
    """An arrow: what it is called, from where, to where, who may walk it."""

    code: str
    label: str
    sources: frozenset
    target: str
    permission: str
    needs_comment: bool = False


class Workflow:
    """The arrows of one model. Nothing else writes its `state`.

    The model has `state` and a `decisions` relation of `DecisionModel` rows. `on_enter` maps
    a state to `function(obj, decision)` called inside the transaction of the step; the names
    of fields it returns are saved together with the state.
    """

    def __init__(self, name: str, transitions: list[Transition]):
        self.name = name
        self.transitions = {arrow.code: arrow for arrow in transitions}
        self.on_enter: dict[str, Callable] = {}

    def entering(self, state):
        """Register what happens when an object enters `state`."""

        def register(function):
            self.on_enter[state] = function
            return function

        return register

    def available(self, obj, user):
        """The arrows this person could walk now: a button exists exactly when it works."""
        return [
            arrow
            for arrow in self.transitions.values()
            if obj.state in arrow.sources and can(user, arrow.permission, obj)
        ]

    @transaction.atomic
    def perform(self, obj, action, *, actor, comment="", at=None):
        """Walk one arrow under the row's lock and return the locked object.

        `at` is the moment printed on the paper when an older signed one is entered.
        Raises `TransitionError` when the object has moved on or the comment is missing.
        """
        arrow = self.transitions.get(action)
        if arrow is None:
            raise TransitionError(_("There is no such step."))
        obj = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        require(actor, arrow.permission, obj)
        if obj.state not in arrow.sources:
            raise TransitionError(_("Someone has already moved this paper on."))
        if arrow.needs_comment and not comment.strip():
            raise TransitionError(_("Say what has to be changed."))
        return self._walk(obj, arrow, actor, comment.strip(), at or timezone.now())

    def _walk(self, obj, arrow, actor, comment, at):
        source, obj.state = obj.state, arrow.target
        decision = obj.decisions.create(
            action=arrow.code,
            source=source,
            target=arrow.target,
            actor=actor,
            actor_name=actor.full_name,
            actor_post=post_of(actor),
            comment=comment,
            decided_at=at,
        )
        enter = self.on_enter.get(arrow.target)
        changed = enter(obj, decision) if enter else None
        obj.save(update_fields=["state", *(changed or [])])
        audit.record(f"{self.name}.{arrow.code}", obj, actor=actor, decision=decision.pk)
        return obj


def post_of(person):
    """The post a person signs with: the head's as the municipality prints it."""
    if person.is_head:
        return person.municipality.head_post
    return person.main_employment.post if person.main_employment else ""
