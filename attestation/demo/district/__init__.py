"""The demo district «nikolsky»: who is there before the first school year begins."""

import random

from django.contrib.auth.hashers import make_password

from attestation.demo import names
from attestation.demo.accounts import PASSWORD
from attestation.demo.district import accounts, associations, organizations, people
from attestation.municipalities import open_municipality
from communities.models import (
    Agency,
    AssociationKind,
    OrganizationKind,
    QualificationCategory,
    Subject,
)


class District:
    """One municipality being built; each step leaves here what later ones need."""

    def __init__(self, today, scale=1):
        self.rng = random.Random(199)
        self.today = today
        self.scale = scale
        self.people_stream = names.people(self.rng)
        self.password = make_password(PASSWORD)
        self.staff = []  # (person, organization, post, subjects) in the order of creation

    def build(self):
        self.municipality = open_municipality(
            slug="nikolsky",
            code="35",
            name="Никольский муниципальный район",
            name_genitive="Никольского муниципального района",
            department_name="Управление образования",
            department_genitive="Управления образования",
            head_post="Начальник Управления образования",
            head_name="Н.С. Орлова",
            phone="8 (81754) 2-00-00",
        )
        self._dictionaries()
        for step in (organizations, people, accounts, associations):
            step.build(self)
        return self

    def _dictionaries(self):
        def rows(model):
            return {row.code: row for row in model.objects.filter(municipality=self.municipality)}

        self.kinds = rows(OrganizationKind)
        self.agencies = rows(Agency)
        self.subjects = rows(Subject)
        self.categories = rows(QualificationCategory)
        self.association_kinds = rows(AssociationKind)

    def place_of(self, person):
        """The organization of the main employment."""
        if not hasattr(self, "_places"):
            self._places = {row[0].pk: row[1] for row in self.staff}
        return self._places.get(person.pk)

    def partners(self):
        """People of the museum, the college and the enterprise."""
        return [row[0] for row in self.staff if row[2] == "специалист"]
