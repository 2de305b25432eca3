"""What the builders of a neighbour share: the municipality, its labels, its people."""

import random

from django.utils import timezone

from attestation.demo import names
from attestation.municipalities import open_municipality

NAMES = {
    "zarechny": ("36", "Заречный округ", "Заречного округа"),
    "lesnoy": ("37", "Лесной округ", "Лесного округа"),
}


class Place:
    """A neighbour being built; each builder leaves here what later ones need."""

    def __init__(self, slug, password):
        self.slug = slug
        self.password = password
        self.stream = names.people(random.Random(slug))
        self.now = timezone.now()
        code, name, self.genitive = NAMES[slug]
        self.municipality = open_municipality(
            slug=slug,
            code=code,
            name=name,
            name_genitive=self.genitive,
            department_name=f"Управление образования {self.genitive}",
            department_genitive=f"Управления образования {self.genitive}",
            head_post="Начальник Управления образования",
            head_name="В.П. Рощина",
            phone="8 (81750) 3-00-00",
        )
        self.today = self.municipality.today()

    def label(self, model, code):
        return model.objects.get(municipality=self.municipality, code=code)

    def labels(self, model):
        return list(model.objects.filter(municipality=self.municipality))
