"""The command that adds a municipality and invites its operator."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from communities.models import AuditEntry, Municipality, Subject, User

FIELDS = {
    "name": "Лесной район",
    "name_genitive": "Лесного района",
    "department_name": "Управление образования",
    "department_genitive": "Управления образования",
    "head_post": "Начальник Управления образования",
    "head_name": "Л.Л. Лесная",
}


def add(slug="lesnoy", **options):
    out = io.StringIO()
    call_command("add_municipality", slug, **{**FIELDS, **options}, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_municipality_gets_its_labels():
    add()
    municipality = Municipality.objects.get(slug="lesnoy")
    assert Subject.objects.filter(municipality=municipality).count() > 10
    assert AuditEntry.objects.get().action == "municipality.open"


@pytest.mark.django_db
def test_operator_is_let_in_by_the_printed_link(client):
    text = add(operator_email="Op@test.example", operator_name="Операторова Ольга Ивановна")
    link = re.search(r"http://localhost:8000(/invite/\S+)", text).group(1)
    data = {"email": "op@test.example", "password": "ночной-поезд-17"}
    assert client.post(link, data).status_code == 302
    assert User.objects.get(email="op@test.example").is_operator


@pytest.mark.django_db
@pytest.mark.parametrize(
    "options",
    [
        {"slug": "не слаг"},
        {"time_zone": "Луна"},
        {"operator_email": "нет", "operator_name": "А Б"},
        {"operator_email": "op@test.example"},
    ],
)
def test_wrong_words_add_nothing(options):
    with pytest.raises(CommandError):
        add(**options)
    assert not Municipality.objects.exists()


@pytest.mark.django_db
def test_same_slug_is_refused():
    add()
    with pytest.raises(CommandError):
        add()


@pytest.mark.django_db
def test_domain_is_kept_as_browsers_send_it():
    call_command("add_municipality", "lesnoy", "--domain=Lesnoy.Example", **FIELDS)
    assert Municipality.objects.get().domain == "lesnoy.example"
