"""Which posts are of teachers: the nomenclature of the government, No. 225 of 21.02.2022, part I.

Leaders of schools, their deputies and assistants of teachers are none of them.
"""

NAMES = (
    "воспитатель",
    "вожатый",
    "дефектолог",
    "инструктор",
    "концертмейстер",
    "логопед",
    "мастер производственного обучения",
    "методист",
    "музыкальный руководитель",
    "педагог",
    "преподаватель",
    "руководитель физического воспитания",
    "советник директора",
    "социальный педагог",
    "тренер-преподаватель",
    "тьютор",
    "учитель",
)
# As the database reads it: the beginning of a post, and a whole word.
TEACHING = rf"^\s*(старший\s+)?({'|'.join(NAMES)})\y"
