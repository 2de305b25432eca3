"""About three hundred materials of the demo district, each with a real small file."""

import datetime
import hashlib
import random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from attestation.demo import office_files
from materials.models import Licence, Material, MaterialAuthor, MaterialKind, MaterialVersion

TOPICS = {
    "algebra": (
        "Линейная функция и её график",
        "Системы линейных уравнений",
        "Квадратные уравнения",
    ),
    "geometry": ("Теорема Пифагора", "Признаки равенства треугольников", "Площади фигур"),
    "mathematics": ("Проценты в жизни", "Обыкновенные дроби", "Задачи на движение"),
    "informatics": ("Алгоритмы и исполнители", "Таблицы и диаграммы", "Кодирование текста"),
    "russian": ("Причастный оборот", "Сочинение-рассуждение", "Орфограммы корня"),
    "literature": ("Образ Петербурга", "Лирика Пушкина", "Герой нашего времени"),
    "history": ("Великие реформы", "Наш край в годы войны", "Древняя Русь"),
    "social_studies": ("Права ребёнка", "Семейный бюджет", "Конституция и мы"),
    "english": ("Моя школа", "Путешествия", "Времена группы Simple"),
    "geography": ("Реки нашего района", "Климат России", "Работа с картой"),
    "biology": ("Строение клетки", "Лес как сообщество", "Птицы зимой"),
    "chemistry": ("Кислоты и основания", "Химия на кухне", "Периодический закон"),
    "physics": ("Закон Архимеда", "Электрическая цепь", "Простые механизмы"),
    "primary": ("Таблица умножения играючи", "Читаем вслух", "Окружающий мир: осень"),
    "physical_education": ("Лыжная подготовка", "Комплекс утренней гимнастики"),
    "safety": ("Правила безопасности зимой", "Первая помощь"),
    "labour": ("Изделие из бересты", "Проект «Мой дом»"),
    "art": ("Вологодские узоры", "Пейзаж родного края"),
    "music": ("Песни Русского Севера", "Музыкальная гостиная"),
    "preschool": ("Сказка в развитии речи", "Игры на внимание", "Осенний праздник"),
    "psychology": ("Адаптация первоклассника", "Профилактика тревожности"),
    "speech_therapy": ("Автоматизация звука Р", "Игры с буквами"),
    "additional": ("Кружок робототехники", "Мастерская игрушки"),
}
KINDS = (
    ("lesson", "docx", "разработка урока"),
    ("presentation", "pptx", "презентация"),
    ("test", "docx", "контрольная работа"),
    ("recommendations", "pdf", "методические рекомендации"),
    ("worksheet", "docx", "раздаточный материал"),
    ("programme", "xlsx", "тематическое планирование"),
)


def count(scale=1):
    """How many materials there are."""
    return 300 * scale


class Bank:
    """Writes the files, then the rows, in the order of the seeded random numbers."""

    def __init__(self, district):
        self.district = district
        self.municipality = district.municipality
        self.rng = random.Random(300)
        self.count = count(district.scale)
        self.now = datetime.datetime.combine(
            district.today, datetime.time(9), tzinfo=self.municipality.tz
        )

    def build(self):
        kinds = {
            row.code: row for row in MaterialKind.objects.filter(municipality=self.municipality)
        }
        self.licences = list(Licence.objects.filter(municipality=self.municipality))
        authors = [row for row in self.district.staff if set(row[3]) & TOPICS.keys()]
        plan = [self._draw(authors, number) for number in range(self.count)]
        materials = Material.objects.bulk_create(
            self._material(number, kinds, *spec) for number, spec in enumerate(plan)
        )
        versions = MaterialVersion.objects.bulk_create(
            self._version(material, extension)
            for material, (_row, _code, (_kind, extension, _name), _topic) in zip(
                materials, plan, strict=True
            )
        )
        for material, version in zip(materials, versions, strict=True):
            material.current = version
            material.state = Material.State.PUBLISHED
            material.published_at = version.uploaded_at
        Material.objects.bulk_update(materials, ["current", "state", "published_at"], 100)
        MaterialAuthor.objects.bulk_create(
            MaterialAuthor(material=material, person=material.owner) for material in materials
        )
        return self

    def _draw(self, authors, number):
        row = authors[number * 7 % len(authors)]
        if number % 25 == 3:
            row = next(r for r in authors if r[0] == self.district.teacher)
        code = next(code for code in (*row[3], "preschool") if code in TOPICS)
        if code == "mathematics":
            code = ("algebra", "geometry", "mathematics")[number % 3]
        topics = TOPICS[code]
        return row, code, KINDS[number % len(KINDS)], topics[number // 3 % len(topics)]

    def _material(self, number, kinds, row, code, kind, topic):
        person, organization, _post, _codes = row
        grades = self._grades(code, number)
        visibility = "network" if self.rng.random() < 0.6 else "public"
        return Material(
            municipality=self.municipality,
            title=f"{topic}: {kind[2]}",
            slug=f"material-{number + 1}",
            annotation=(
                f"Тема «{topic}». Материал проверен на уроке: есть задания трёх уровней, "
                "ответы и советы коллегам."
            ),
            kind=kinds[kind[0]],
            subject=self.district.subjects[code],
            grades=grades,
            licence=self.licences[number % len(self.licences)],
            rights_confirmed=True,
            visibility=visibility,
            association=self._association(code),
            organization=organization,
            owner=person,
            credit=f"{person.full_name}, {organization.short_name}",
            downloads=self.rng.randint(0, 60),
            created_at=self._uploaded(number),
        )

    def _grades(self, code, number):
        if code in ("preschool",):
            return [0]
        if code in ("primary", "speech_therapy", "psychology"):
            return [1 + number % 4]
        first = 5 if code not in ("algebra", "geometry", "physics") else 7
        return [first + number % (12 - first)]

    def _association(self, code):
        return next(
            (row for row, theme in self.district.theme_of.items() if code in theme.subjects), None
        )

    def _uploaded(self, number):
        return self.now - datetime.timedelta(days=2 + number * 440 // self.count)

    def _version(self, material, extension):
        paragraphs = self._paragraphs(material)
        content = self._file(extension, material.title, paragraphs, material.created_at)
        digest = hashlib.sha256(content).hexdigest()
        name = default_storage.save(f"materials/{digest[:2]}/{digest}", ContentFile(content))
        return MaterialVersion(
            material=material,
            file=name,
            file_name=f"{material.title.replace(':', ',')}.{extension}",
            extension=extension,
            size=len(content),
            sha256=digest,
            extraction=MaterialVersion.Extraction.DONE,
            text="\n".join([material.title, *paragraphs]),
            uploaded_by=material.owner,
            uploaded_at=material.created_at,
        )

    def _paragraphs(self, material):
        grades = ", ".join(str(grade) if grade else "ДОО" for grade in material.grades)
        return [
            f"Предмет: {material.subject.label}. Класс: {grades}.",
            "Цель: закрепить материал темы и показать, где он встречается в жизни района.",
            "Ход работы: повторение, объяснение, работа в парах, обсуждение, итог.",
            f"Задание для сильных учеников: придумайте свою задачу. Вариант {material.slug}.",
            "Оценивание: критерии раздаются до начала работы, самопроверка по образцу.",
        ]

    @staticmethod
    def _file(extension, title, paragraphs, made_at):
        if extension == "pptx":
            return office_files.pptx(title, paragraphs)
        if extension == "xlsx":
            rows = [
                ["Неделя", "Тема", "Часы"],
                *([n, text, 2] for n, text in enumerate(paragraphs, 1)),
            ]
            return office_files.xlsx(title, rows)
        if extension == "pdf":
            return office_files.pdf(title, paragraphs, made_at)
        return office_files.docx(title, paragraphs)
