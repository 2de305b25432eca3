"""The public check of papers."""

import pickle

import pytest
from django.urls import reverse

from attestation import paper, reports, verification
from attestation.models import AnnualReport
from communities import seals
from network_portal.formats import day_full
from tests.attestation import core
from tests.attestation.kept.test_tampering import by_force
from tests.conftest import People
from tests.factories import a_built_report, a_signed_draft, a_signed_report


@pytest.fixture(scope="module")
def begun(rolled_back):
    people = People()
    return pickle.dumps((people, a_signed_report(people)))


def check(client, code, status=200):
    response = client.get(reverse("attestation:verify", args=[code]))
    assert response.status_code == status
    return response.content.decode()


def test_genuine_report_shows_what_is_printed(report, people, client):
    text = check(client, report.seal.code)
    assert "Подлинный" in text
    assert people.head.signature in text
    assert report.seal.digest in text
    assert report.seal.chain_hash in text
    assert "Методистова" not in text


def test_days_are_told_in_one_way(report, client):
    context = client.get(reverse("attestation:verify", args=[report.seal.code])).context
    told = [value for label, value, _url in context["rows"] if label == "Дата"]
    assert told == [value for label, value, _url in context["chain"] if "Дата" in label]


def test_minutes_tell_how_many_were_present(people, client):
    signed = a_signed_draft(people)
    rows = client.get(reverse("attestation:verify", args=[signed.seal.code])).context["rows"]
    told = {label: value for label, value, _url in rows}
    assert told["Дата"] == day_full(signed.event.local_date)
    assert told["Число присутствовавших"] == str(signed.event.attendances.count())


@pytest.mark.parametrize(
    "form", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")]
)
def test_code_is_taken_as_people_type_it(report, client, form):
    answer = client.get(reverse("attestation:verify-form"), {"code": form(report.seal.code)})
    assert answer.url == reverse("attestation:verify", args=[report.seal.code])


def test_russian_letters_that_look_alike_are_read():
    assert verification.clean_code("АВСЕ-НКМР-ТХУ7") == "ABCE-HKMP-TXY7"


@pytest.mark.parametrize("code", ["7KQ2-M9XA-4TPH", "нет", "a" * 100, "<b>"])
def test_unknown_code_is_not_found(people, client, code):
    assert "Не найден" in check(client, code, 404)


def test_code_that_cannot_be_is_told_at_the_field(client, people):
    answer = client.get(reverse("attestation:verify-form"), {"code": "123"})
    assert "двенадцать" in answer.content.decode()


def test_replaced_report_names_the_new_version(report, people, client):
    draft = reports.start_version(report, "Ошибка", actor=people.methodist)
    new = core.sign(draft, people)
    text = check(client, report.seal.code)
    assert "Заменён" in text
    assert "Заменён версией 2" in text
    assert new.seal.code in text


def test_replacement_taken_back_by_hand_is_still_told(report, people, client):
    new = core.sign(reports.start_version(report, "Ошибка", actor=people.methodist), people)
    AnnualReport.objects.filter(pk=new.pk).update(replaces=None)
    AnnualReport.objects.filter(pk=report.pk).update(state="approved")
    text = check(client, report.seal.code)
    assert "Заменён версией 2" in text
    assert "Подлинный" not in text
    assert "state" in paper.integrity(AnnualReport.objects.get(pk=report.pk))


def test_changed_paper_is_not_called_genuine(report, client):
    by_force("UPDATE communities_seal SET sealed_at = now() WHERE id = %s", report.seal_id)
    text = check(client, report.seal.code)
    assert "Изменён после подписания" in text
    assert "Подлинный" not in text


def test_paper_of_an_unknown_kind_shows_its_seal(people, client):
    row = seals.seal("other", people.association, {"a": 1}, actor=people.head)
    assert row.digest in check(client, row.code)


def test_draft_report_has_no_code(people):
    assert a_built_report(people, people.association).seal is None


@pytest.mark.parametrize("payload", ["", "не json", '{"title": "Другой отчёт"}'])
def test_text_that_is_not_the_sealed_one_is_not_repeated(report, client, payload):
    by_force("UPDATE communities_seal SET payload = %s WHERE id = %s", payload, report.seal_id)
    text = check(client, report.seal.code)
    assert "Изменён после подписания" in text
    assert "Другой отчёт" not in text


def test_paper_whose_row_is_gone_is_not_called_genuine(people, client):
    row = seals.seal("certificate", people.teacher, {}, actor=people.head)
    text = check(client, row.code)
    assert "Изменён после подписания" in text
