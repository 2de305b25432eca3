"""What the associations of the demo district talk about."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Theme:
    """An association: its kind, name, slug, subjects, posts of its members, grades."""

    kind: str
    slug: str
    name: str
    subjects: tuple
    post: str = "учитель"
    where: str = "school"
    grades: tuple = (5, 6, 7, 8, 9, 10, 11)


ASSOCIATIONS = (
    Theme("district", "history", "Учителя истории и обществознания", ("history", "social_studies")),
    Theme(
        "district",
        "support",
        "Специалисты службы сопровождения",
        ("psychology", "speech_therapy"),
        "педагог-психолог",
        grades=(1, 2, 3, 4, 5, 6),
    ),
    Theme("district", "russian", "Учителя русского языка и литературы", ("russian", "literature")),
    Theme(
        "district",
        "mathematics",
        "Учителя математики и информатики",
        ("mathematics", "algebra", "geometry", "informatics"),
    ),
    Theme("district", "languages", "Учителя иностранного языка", ("english", "german")),
    Theme(
        "district",
        "natural-sciences",
        "Учителя географии, биологии, химии",
        ("geography", "biology", "chemistry"),
    ),
    Theme("district", "primary", "Учителя начальных классов", ("primary",), grades=(1, 2, 3, 4)),
    Theme(
        "district",
        "physical-education",
        "Учителя физической культуры и ОБЗР",
        ("physical_education", "safety"),
    ),
    Theme("district", "labour", "Учителя труда, ИЗО и музыки", ("labour", "art", "music")),
    Theme("district", "physics", "Учителя физики", ("physics",), grades=(7, 8, 9, 10, 11)),
    Theme(
        "district",
        "preschool",
        "Воспитатели дошкольных организаций",
        ("preschool",),
        "воспитатель",
        "preschool",
        (0,),
    ),
    Theme(
        "district",
        "music-leaders",
        "Музыкальные руководители",
        ("music",),
        "музыкальный руководитель",
        "preschool",
        (0,),
    ),
    Theme(
        "district",
        "additional",
        "Педагоги дополнительного образования",
        ("additional",),
        "педагог дополнительного образования",
        "additional",
    ),
    Theme("inter_school", "small-schools", "Учителя малокомплектных школ", ("primary",)),
    Theme("inter_school", "ethics", "Учителя ОРКСЭ и ОДНКНР", ("religion_ethics",), grades=(4, 5)),
    Theme("inter_school", "class-teachers", "Классные руководители", ("upbringing",)),
    Theme(
        "inter_school", "libraries", "Школьные библиотекари", ("library",), "педагог-библиотекарь"
    ),
    Theme(
        "inter_school",
        "deputies",
        "Заместители директоров",
        ("management",),
        "заместитель директора",
    ),
    Theme("working_group", "functional-literacy", "Функциональная грамотность", ("upbringing",)),
    Theme("working_group", "new-standards", "Введение обновлённых ФГОС", ("management",)),
)

MEETINGS = (
    "Итоги прошлого года и план работы на новый учебный год",
    "Подготовка к государственной итоговой аттестации: что изменилось",
    "Функциональная грамотность: задания, которые работают",
    "Итоги года и задачи на следующий",
)
SEMINARS = (
    "Обновлённые ФГОС: первый опыт и трудности",
    "Как работать с одарёнными детьми в сельской школе",
    "Оценивание без стресса: критерии и обратная связь",
    "Цифровые ресурсы на уроке: что выбрать",
    "Наставничество: молодой педагог и его первый год",
    "Работа с детьми с ОВЗ в обычном классе",
    "Патриотическое воспитание на материале родного края",
    "Читательская грамотность на всех предметах",
    "Взаимодействие детского сада и семьи",
    "Проектная деятельность: от идеи до защиты",
    "Результаты ВПР: как с ними работать",
    "Профориентация: встречи с предприятиями района",
)
CONTESTS = (
    "Педагогический дебют",
    "Лучшая методическая разработка",
    "Мой лучший урок",
    "Учитель года",
    "Воспитатель года",
    "Цифровой класс",
)
TALKS = (
    "Анализ результатов и типичные ошибки",
    "Из опыта работы: приёмы и находки",
    "Мастер-класс для коллег",
    "Новые требования и как к ним готовиться",
    "Обзор пособий и электронных ресурсов",
    "Разбор заданий повышенной сложности",
    "Диагностика и индивидуальные маршруты",
)
RESOLVED = (
    "Информацию принять к сведению.",
    "Одобрить представленный опыт и рекомендовать его коллегам.",
    "Материалы выступления разместить на портале.",
)
DECISIONS = (
    "Использовать представленный опыт в работе",
    "Разместить материалы выступлений в банке сети",
    "Провести взаимопосещение уроков до конца четверти",
    "Подготовить подборку заданий для 7–9 классов",
)
