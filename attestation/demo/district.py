"""Organizations, people, associations and orders of the demo district."""

import datetime
import itertools
import random

from django.contrib.auth.hashers import make_password

from attestation.demo import names
from attestation.demo.themes import ASSOCIATIONS
from attestation.municipalities import open_municipality
from communities.models import (
    Agency,
    Association,
    AssociationKind,
    Employment,
    Membership,
    OnlineCommunity,
    Order,
    OrderItem,
    Organization,
    OrganizationAlias,
    OrganizationKind,
    QualificationCategory,
    RoleGrant,
    Subject,
    User,
)
from communities.orders import rebuild

PASSWORD = "demo-demo"  # noqa: S105  (printed by `make demo`; demo accounts exist only there)
SINCE = datetime.date(2012, 9, 1)
FIRST_ORDER = datetime.date(2020, 9, 16)
VILLAGES = (
    "Аргуново Байдарово Вахнево Дуниловский Завражье Зеленцово Кожаево Краснополянская "
    "Кумбисер Левобережная Осиново Павлово Пермас Теребаево Борок"
).split()
FLOWERS = (
    (
        "Берёзка Колокольчик Ромашка Солнышко Теремок Рябинка Сказка Родничок Ёлочка Василёк "
        "Дюймовчонка Радуга Светлячок Капелька Малышок Росинка Ивушка Золушка Журавушка Аленький "
        "Огонёк Незабудка Пчёлка Звёздочка Ласточка Одуванчик Петушок Чебурашка Лесовичок Снежинка "
        "Тополёк Подснежник Буратино"
    )
    .replace("Дюймовчонка", "Дюймовочка")
    .split()
)


class District:
    """Builds one municipality and remembers what later steps need."""

    def __init__(self, today, scale=1):
        self.rng = random.Random(199)
        self.today = today
        self.scale = scale
        self.people_stream = names.people(self.rng)
        self.password = make_password(PASSWORD)
        self.staff = []  # (person, employment) in the order of creation

    def build(self):
        self.municipality = open_municipality(
            slug="nikolsky",
            code="35",
            name="Никольский муниципальный район",
            name_genitive="Никольского муниципального района",
            department_name="Управление образования",
            department_genitive="Управления образования",
            office_name="Информационно-методический отдел",
            head_post="Начальник Управления образования",
            head_name="Н.С. Орлова",
            phone="8 (81754) 2-00-00",
        )
        self._dictionaries()
        self._organizations()
        self._people()
        self._accounts()
        self._associations()
        self._members()
        self._online()
        return self

    def _dictionaries(self):
        def rows(model):
            return {row.code: row for row in model.objects.filter(municipality=self.municipality)}

        self.kinds = rows(OrganizationKind)
        self.agencies = rows(Agency)
        self.subjects = rows(Subject)
        self.categories = rows(QualificationCategory)
        self.association_kinds = rows(AssociationKind)

    # -- organizations

    def _organizations(self):
        specs = [*self._schools(), *self._preschools(), *self._others()]
        self.organizations = Organization.objects.bulk_create(
            Organization(
                municipality=self.municipality,
                kind=self.kinds[kind],
                agency=self.agencies[agency],
                short_name=short,
                full_name=full,
                slug=slug,
                address=f"{short}, Никольский район",
                opened_on=SINCE,
            )
            for kind, agency, short, full, slug in specs
        )
        OrganizationAlias.objects.bulk_create(
            OrganizationAlias(organization=row, text=text, normalized=key)
            for row in self.organizations
            for text, key in self._aliases(row)
        )
        self.by_kind = {
            code: [row for row in self.organizations if row.kind_id == kind.pk]
            for code, kind in self.kinds.items()
        }

    def _schools(self):
        for number in range(1, 5):
            short = f"СОШ №\N{NO-BREAK SPACE}{number}"
            yield "school", "education", short, f"МБОУ «{short} г. Никольска»", f"school-{number}"
        for number, village in enumerate(VILLAGES[:11], 5):
            short = f"{village}: школа"
            yield "school", "education", short, f"МБОУ «СОШ п. {village}»", f"school-{number}"

    def _preschools(self):
        for number, flower in enumerate(FLOWERS, 1):
            short = f"Детский сад №\N{NO-BREAK SPACE}{number} «{flower}»"
            yield "preschool", "education", short, f"МБДОУ «{short}»", f"preschool-{number}"

    def _others(self):
        yield "additional", "education", "Никольский ЦДО", "МБОУ ДО «Никольский ЦДО»", "cdo"
        yield "additional", "education", "Детско-юношеский центр", "МБУ ДО «ДЮЦ»", "duc"
        yield (
            "department",
            "education",
            "Управление образования",
            "Управление образования администрации Никольского муниципального района",
            "department",
        )
        yield "museum", "culture", "Краеведческий музей", "МБУК «Краеведческий музей»", "museum"
        yield "college", "region_education", "Никольский колледж", "БПОУ «Колледж»", "college"
        yield "enterprise", "business", "Льнозавод", "ООО «Никольский льнозавод»", "flax-mill"

    @staticmethod
    def _aliases(row):
        from communities.text import normalize_name

        spellings = {
            row.short_name,
            row.full_name,
            row.short_name.replace("\N{NO-BREAK SPACE}", ""),
        }
        seen = {}
        for text in sorted(spellings):
            seen.setdefault(normalize_name(text), text)
        return [(text, key) for key, text in seen.items()]

    # -- people

    def _people(self):
        plan = [
            *self._school_staff(),
            *self._preschool_staff(),
            *self._additional_staff(),
            *self._heads(),
        ]
        people = User.objects.bulk_create(
            [self._person(subjects) for _org, _post, subjects, _teaching in plan]
        )
        employments = Employment.objects.bulk_create(
            Employment(
                municipality=self.municipality,
                person=person,
                organization=organization,
                post=post,
                is_teaching=teaching,
                starts_on=SINCE,
            )
            for person, (organization, post, _subjects, teaching) in zip(people, plan, strict=True)
        )
        through = Employment.subjects.through
        through.objects.bulk_create(
            through(employment=work, subject=self.subjects[code])
            for work, (_org, _post, codes, _teaching) in zip(employments, plan, strict=True)
            for code in codes
        )
        self.staff = [
            (person, organization, post, codes)
            for person, (organization, post, codes, _t) in zip(people, plan, strict=True)
        ]

    def _person(self, _subjects, **fields):
        last, first, patronymic = next(self.people_stream)
        shares = [("highest", 35), ("first", 40), ("position_compliance", 13), ("none", 12)]
        codes, weights = zip(*shares, strict=True)
        return User(
            **{
                "municipality": self.municipality,
                "last_name": last,
                "first_name": first,
                "patronymic": patronymic,
                "category": self.categories[self.rng.choices(codes, weights)[0]],
                "teaching_since": self.today.year - self.rng.choice((2, 4, 8, 14, 18, 27, 31, 34)),
                "password": "!",
                **fields,
            }
        )

    def _school_staff(self):
        subjects = itertools.cycle(
            theme for theme in ASSOCIATIONS if theme.where == "school" and theme.kind == "district"
        )
        for school in self.by_kind["school"]:
            for _ in range(21 * self.scale):
                theme = next(subjects)
                yield school, theme.post, theme.subjects[:2], True
            yield school, "педагог-библиотекарь", ("library",), True
            yield school, "заместитель директора", ("management",), True

    def _preschool_staff(self):
        for preschool in self.by_kind["preschool"]:
            for _ in range(4 * self.scale):
                yield preschool, "воспитатель", ("preschool",), True
            yield preschool, "музыкальный руководитель", ("music",), True

    def _additional_staff(self):
        for centre in self.by_kind["additional"]:
            for _ in range(12 * self.scale):
                yield centre, "педагог дополнительного образования", ("additional",), True

    def _heads(self):
        posts = {"school": "директор", "preschool": "заведующий", "additional": "директор"}
        for code, post in posts.items():
            for organization in self.by_kind[code]:
                yield organization, post, (), False
        for code in ("museum", "college", "enterprise"):
            yield self.by_kind[code][0], "специалист", (), False

    def _accounts(self):
        """The seven demo accounts; those of teachers are people of the first school."""
        math = [row for row in self.staff if "mathematics" in row[3]]
        first_school = self.by_kind["school"][0]
        self.teacher = next(row[0] for row in math if row[1] == first_school)
        self.leader = next(row[0] for row in math if row[1] == self.by_kind["school"][3])
        deputies = (row for row in self.staff if row[2] == "заместитель директора")
        self.coordinator = next(row[0] for row in deputies if row[1] == first_school)
        self._rename(self.teacher, "teacher", "Соколова", "Анна", "Сергеевна", grades="7,8")
        self._rename(self.leader, "leader", "Лебедева", "Ирина", "Викторовна")
        self._rename(self.coordinator, "coordinator", "Громова", "Елена", "Павловна")
        self.methodist = self._official("methodist", "методист", "Белова", "Марина", "Олеговна")
        self.head = self._official(
            "head", "начальник Управления образования", "Орлова", "Нина", "Семёновна"
        )
        self.operator = self._official("operator", "инженер", "Филин", "Павел", "Юрьевич")
        self._grant(self.coordinator, "coordinator", first_school)

    def _rename(self, person, role, last, first, patronymic, **fields):
        account = {
            "email": f"{role}@demo.example",
            "password": self.password,
            "is_active": True,
            "last_name": last,
            "first_name": first,
            "patronymic": patronymic,
            **fields,
        }
        for name, value in account.items():
            setattr(person, name, value)
        person.save(update_fields=list(account))

    def _official(self, role, post, last, first, patronymic):
        person = self._person(())
        person.category = person.teaching_since = None
        person.save()
        Employment.objects.create(
            municipality=self.municipality,
            person=person,
            organization=self.by_kind["department"][0],
            post=post,
            is_teaching=False,
            starts_on=SINCE,
        )
        self._rename(person, role, last, first, patronymic)
        self._grant(person, role)
        return person

    def _grant(self, person, role, organization=None):
        RoleGrant.objects.create(
            municipality=self.municipality,
            person=person,
            role=role,
            organization=organization,
            starts_on=SINCE,
        )

    # -- associations and orders

    def _associations(self):
        self.associations = Association.objects.bulk_create(
            Association(
                municipality=self.municipality,
                kind=self.association_kinds[theme.kind],
                subject=self.subjects[theme.subjects[0]],
                name=theme.name,
                slug=theme.slug,
                about=f"Методическая помощь, обмен опытом и общие события: {theme.name.lower()}.",
            )
            for theme in ASSOCIATIONS
        )
        self.theme_of = dict(zip(self.associations, ASSOCIATIONS, strict=True))
        self.leaders = {row: self._leader_for(row) for row in self.associations}
        self._orders()
        for association in self.associations:
            rebuild(association)
        self.associations = list(
            Association.objects.filter(municipality=self.municipality).order_by("pk")
        )
        self.theme_of = dict(zip(self.associations, ASSOCIATIONS, strict=True))
        self.leaders = {row: self.leaders[row] for row in self.associations}

    def _leader_for(self, association):
        if association.slug == "mathematics":
            return self.leader
        fits = [row for row in self.staff if self._belongs(row, association)]
        taken = {self.teacher, self.leader, self.coordinator}
        fits = [row for row in fits if row[0] not in taken and row[2] != "директор"]
        return self.rng.choice(fits)[0]

    def _belongs(self, row, association):
        theme = self.theme_of[association]
        _person, _organization, post, codes = row
        if theme.kind == "district":
            return bool(set(codes) & set(theme.subjects)) and post == theme.post
        if theme.post != "учитель":
            return post == theme.post
        return post == "учитель"

    def _orders(self):
        """The founding order of 2020 creates all and names leaders; later ones confirm them."""
        first = Order.objects.create(
            municipality=self.municipality,
            number="199/01-03",
            date=FIRST_ORDER,
            title=(
                "О руководителях районных, межшкольных методических объединений и рабочих "
                "групп учителей в 2020-2021 учебном году"
            ),
            issuer="Управление образования",
            state=Order.State.IN_FORCE,
            created_by=self.methodist,
        )
        self.first_leaders = {row: self._first_leader(row) for row in self.associations}
        OrderItem.objects.bulk_create(
            OrderItem(order=first, association=row, effective_on=FIRST_ORDER, **what)
            for row in self.associations
            for what in (
                {"action": "create", "name": row.name},
                {"action": "appoint_leader", "person": self.first_leaders[row]},
            )
        )
        self._later_orders()

    def _first_leader(self, association):
        """Some of those who led in 2020 have handed over since."""
        if self.associations.index(association) % 3 or association.slug == "mathematics":
            return self.leaders[association]
        fits = [row[0] for row in self.staff if self._belongs(row, association)]
        return next(person for person in fits if person != self.leaders[association])

    def _later_orders(self):
        from communities.school_year import start_year

        for year in range(2021, start_year(self.today) + 1):
            day = datetime.date(year, 9, 16)
            if day > self.today:
                continue
            order = Order.objects.create(
                municipality=self.municipality,
                number=f"{183 + year % 100}/01-03",
                date=day,
                title=(
                    "О руководителях районных, межшкольных методических объединений и рабочих "
                    f"групп учителей в {year}-{year + 1} учебном году"
                ),
                issuer="Управление образования",
                state=Order.State.IN_FORCE,
                created_by=self.methodist,
            )
            self._appoint(order, day)

    def _appoint(self, order, day):
        """Everybody is named anew each year; in 2023 some have handed over."""
        OrderItem.objects.bulk_create(
            OrderItem(
                order=order,
                association=row,
                action="appoint_leader",
                person=self.first_leaders[row] if day.year < 2023 else self.leaders[row],
                effective_on=day,
            )
            for row in self.associations
        )

    def _members(self):
        rows = []
        for association in self.associations:
            limit = {"district": 60, "inter_school": 30}.get(self.theme_of[association].kind, 12)
            fits = [row[0] for row in self.staff if self._belongs(row, association)]
            if association.slug == "new-standards":
                fits = [row[0] for row in self.staff if row[2] == "заместитель директора"]
            chosen = fits[: limit * self.scale]
            if association.slug in ("mathematics", "functional-literacy"):
                chosen = list(dict.fromkeys([self.teacher, *chosen]))
            rows += [
                Membership(
                    municipality=self.municipality,
                    association=association,
                    person=person,
                    starts_on=FIRST_ORDER,
                )
                for person in chosen
            ]
        Membership.objects.bulk_create(rows)
        self.members = {}
        for row in rows:
            self.members.setdefault(row.association, []).append(row.person)

    def _online(self):
        """The communities of the founding report: four closed, two open, one chat."""
        by_slug = {row.slug: row for row in self.associations}
        groups = (
            ("РМО учителей истории, обществознания", "closed", "history"),
            ("РМО специалистов службы сопровождения", "closed", "support"),
            ("РМО учителей русского языка и литературы", "closed", "russian"),
            ("РМО учителей математики и информатики", "closed", "mathematics"),
            ("РМО учителей иностранного языка", "open", "languages"),
            ("РМО география, биология, химия", "chat", "natural-sciences"),
        )
        for name, openness, slug in groups:
            self._community(name, openness, association=by_slug[slug])
        centre = self.by_kind["additional"][0]
        self._community("МБОУ ДО «Никольский ЦДО»", "open", organization=centre)
        for name in (
            "Методподдержка Вологодская область",
            "Методическая поддержка-35. Начальная школа",
        ):
            self._community(name, "open", level="regional")

    def _community(self, name, openness, **fields):
        OnlineCommunity.objects.create(
            municipality=self.municipality,
            name=name,
            platform="ВКонтакте",
            openness=openness,
            opened_on=datetime.date(2020, 10, 1),
            **fields,
        )

    # -- what later steps ask

    def place_of(self, person):
        """The organization of the main employment."""
        if not hasattr(self, "_places"):
            self._places = {row[0].pk: row[1] for row in self.staff}
        return self._places.get(person.pk)

    def partners(self):
        """People of the museum, the college and the enterprise."""
        return [row[0] for row in self.staff if row[2] == "специалист"]
