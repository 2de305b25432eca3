"""About three hundred materials of the demo district, each with a real small file."""

import datetime
import hashlib
import random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from attestation.demo import office_files
from materials.models import Licence, Material, MaterialAuthor, MaterialKind, MaterialVersion

# Subject → themes and the grades that have them.
TOPICS = {
    "algebra": (
        ("Линейная функция и её график", (7,)),
        ("Системы линейных уравнений", (7, 8)),
        ("Квадратные уравнения", (8,)),
    ),
    "geometry": (
        ("Теорема Пифагора", (8,)),
        ("Признаки равенства треугольников", (7,)),
        ("Площади фигур", (8, 9)),
    ),
    "mathematics": (
        ("Проценты в жизни", (6,)),
        ("Обыкновенные дроби", (5,)),
        ("Задачи на движение", (5, 6)),
    ),
    "informatics": (
        ("Алгоритмы и исполнители", (7, 8)),
        ("Таблицы и диаграммы", (9,)),
        ("Кодирование текста", (7, 10)),
    ),
    "russian": (
        ("Причастный оборот", (7,)),
        ("Сочинение-рассуждение", (9,)),
        ("Орфограммы корня", (5, 6)),
    ),
    "literature": (
        ("Образ Петербурга", (10,)),
        ("Лирика Пушкина", (9,)),
        ("Герой нашего времени", (9,)),
    ),
    "history": (
        ("Великие реформы", (9, 10)),
        ("Наш край в годы войны", (10, 11)),
        ("Древняя Русь", (6,)),
    ),
    "social_studies": (
        ("Права ребёнка", (6, 7)),
        ("Семейный бюджет", (8,)),
        ("Конституция и мы", (9, 11)),
    ),
    "english": (
        ("Моя школа", (5,)),
        ("Путешествия", (7, 8)),
        ("Времена группы Simple", (6,)),
    ),
    "geography": (
        ("Реки нашего района", (6, 8)),
        ("Климат России", (8,)),
        ("Работа с картой", (5, 6)),
    ),
    "biology": (
        ("Строение клетки", (5, 9)),
        ("Лес как сообщество", (5, 11)),
        ("Птицы зимой", (7, 8)),
    ),
    "chemistry": (
        ("Кислоты и основания", (8,)),
        ("Химия на кухне", (9, 10)),
        ("Периодический закон", (8, 11)),
    ),
    "physics": (
        ("Закон Архимеда", (7,)),
        ("Электрическая цепь", (8,)),
        ("Простые механизмы", (7,)),
    ),
    "primary": (
        ("Таблица умножения играючи", (2, 3)),
        ("Читаем вслух", (1, 2)),
        ("Окружающий мир: осень", (1, 2)),
    ),
    "physical_education": (
        ("Лыжная подготовка", (5, 6, 7, 8)),
        ("Комплекс утренней гимнастики", (1, 2, 3, 4)),
    ),
    "safety": (("Правила безопасности зимой", (8,)), ("Первая помощь", (9, 10))),
    "labour": (("Изделие из бересты", (5, 6)), ("Проект «Мой дом»", (7,))),
    "art": (("Вологодские узоры", (5,)), ("Пейзаж родного края", (6, 7))),
    "music": (("Песни Русского Севера", (5, 6)), ("Музыкальная гостиная", (7, 8))),
    "preschool": (
        ("Сказка в развитии речи", (0,)),
        ("Игры на внимание", (0,)),
        ("Осенний праздник", (0,)),
    ),
    "psychology": (("Адаптация первоклассника", (1,)), ("Профилактика тревожности", (5, 9))),
    "speech_therapy": (("Автоматизация звука Р", (0, 1)), ("Игры с буквами", (1,))),
    "additional": (("Кружок робототехники", (5, 6, 7)), ("Мастерская игрушки", (1, 2, 3, 4))),
}
KINDS = (
    ("lesson", "docx", "разработка урока"),
    ("presentation", "pptx", "презентация"),
    ("test", "docx", "контрольная работа"),
    ("recommendations", "pdf", "методические рекомендации"),
    ("worksheet", "docx", "раздаточный материал"),
    ("programme", "xlsx", "тематическое планирование"),
)
# Where nothing is marked and no lesson is given, other names stand for the same kinds.
WITHOUT_MARKS = ("preschool", "psychology", "speech_therapy", "additional", "physical_education")
NAMES_WITHOUT_MARKS = {"lesson": "конспект занятия", "test": "диагностика"}


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
        title, grades = topic
        name = NAMES_WITHOUT_MARKS.get(kind[0], kind[2]) if code in WITHOUT_MARKS else kind[2]
        visibility = "network" if self.rng.random() < 0.6 else "public"
        return Material(
            municipality=self.municipality,
            title=f"{title}: {name}",
            slug=f"material-{number + 1}",
            annotation=(
                f"Тема «{title}». Материал проверен в работе с детьми: есть задания трёх "
                "уровней, ответы и советы коллегам."
            ),
            kind=kinds[kind[0]],
            subject=self.district.subjects[code],
            grades=list(grades),
            licence=self.licences[number % len(self.licences)],
            rights_confirmed=True,
            visibility=visibility,
            association=self._association(code),
            organization=organization,
            owner=person,
            credit=f"{person.full_name}, {organization.short_name}",
            downloads=self.rng.randint(0, min(60, 1 + number // 2)),  # the newest come first
            created_at=self._uploaded(number),
        )

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
        variant = material.slug.rpartition("-")[2]
        grades = ", ".join(str(grade) if grade else "ДОО" for grade in material.grades)
        return [
            f"Предмет: {material.subject.label}. Класс: {grades}.",
            "Цель: закрепить материал темы и показать, где он встречается в жизни района.",
            "Ход работы: повторение, объяснение, работа в парах, обсуждение, итог.",
            f"Задание для сильных учеников: придумайте свою задачу. Вариант {variant}.",
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
