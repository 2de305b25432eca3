"""Rows and the chain: a fate written only into a row, or a seal on another row, is found."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from attestation import certificates, chain_file
from attestation.models import Certificate
from communities import seals
from communities.models import Seal
from events import minutes
from events.models import Minutes
from tests.attestation.kept.test_tampering import by_force
from tests.factories import held_event

FORGED = [
    {"state": "annulled"},
    {"number": 77},
    {"year": 2001},
    {"role": "speaker"},
    {"issued_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)},
]


@pytest.fixture
def papers(people, event):
    """Certificates of the leader and of the teacher, in this order."""
    issued = certificates.issue_for_event(event, actor=people.leader)
    return sorted(issued, key=lambda row: row.person_id != people.leader.pk)


@pytest.fixture
def signed(people):
    event = held_event(
        people.teacher, municipality=people.municipality, association=people.association
    )
    draft = minutes.start(event, actor=people.leader)
    draft.items.create(question="О задачах", decided="Собрать задачи")
    draft.decisions.create(text="Собрать задачи", person=people.teacher)
    return minutes.sign(draft, actor=people.leader)


def verified():
    """Lines in which `verify_chain` names what is wrong."""
    errors = io.StringIO()
    try:
        call_command("verify_chain", stdout=io.StringIO(), stderr=errors)
    except CommandError:
        return errors.getvalue().splitlines()
    return []


def checked(client, seal):
    page = client.get(reverse("attestation:verify", args=[seal.code]))
    assert page.status_code == 200
    return page.content.decode()


def test_untouched_papers_have_no_fault(people, papers, signed):
    old, other = papers
    certificates.reissue(old, actor=people.methodist, reason="Смена фамилии")
    certificates.annul(other, actor=people.methodist, reason="Ошибка в отметке")
    people.teacher.last_name = "Замужняя"
    people.teacher.save()
    people.municipality.code, people.municipality.time_zone = "n2", "Asia/Kamchatka"
    people.municipality.save()
    assert verified() == []


def test_annulment_taken_back_by_hand_is_found(people, papers, client):
    paper = papers[0]
    certificates.annul(paper, actor=people.methodist, reason="Ошибка в отметке")
    Certificate.objects.filter(pk=paper.pk).update(state="valid", state_reason="")
    page = checked(client, paper.seal)
    assert "Аннулирован" in page
    assert "Ошибка в отметке" in page
    assert "Подлинный" not in page
    assert verified() == [f"nikolsky: certificate {paper.pk}: state"]


def test_replacement_taken_back_by_hand_is_found(people, papers, client):
    old = papers[0]
    new = certificates.reissue(old, actor=people.methodist, reason="Смена фамилии")
    Certificate.objects.filter(pk=new.pk).update(state="annulled")
    Certificate.objects.filter(pk=old.pk).update(state="valid", state_reason="", replaced_by=None)
    page = checked(client, old.seal)
    assert new.register_number in page
    assert reverse("attestation:verify", args=[new.seal.code]) in page
    assert "Подлинный" not in page
    assert verified() == [
        f"nikolsky: certificate {old.pk}: state",
        f"nikolsky: certificate {new.pk}: state",
    ]


def test_reason_written_anew_is_not_repeated(people, papers, client):
    paper = papers[0]
    certificates.annul(paper, actor=people.methodist, reason="Ошибка в отметке")
    Certificate.objects.filter(pk=paper.pk).update(state_reason="По просьбе")
    page = checked(client, paper.seal)
    assert "Ошибка в отметке" in page
    assert "По просьбе" not in page
    assert verified() == [f"nikolsky: certificate {paper.pk}: state"]


def test_annulment_with_another_reason_under_it_is_found(people, papers, client):
    paper = papers[0]
    certificates.annul(paper, actor=people.methodist, reason="Ошибка в отметке")
    by_force(
        "UPDATE communities_seal SET payload = replace(payload, 'Ошибка', 'Шутка') WHERE kind = %s",
        seals.END,
    )
    page = checked(client, paper.seal)
    assert "Изменён после подписания" in page
    assert "Шутка" not in page


def test_link_of_an_annulment_says_who_when_and_why(people, papers, client):
    paper = papers[0]
    certificates.annul(paper, actor=people.methodist, reason="Ошибка в отметке")
    link = seals.head(people.municipality)
    told = json.loads(link.payload)
    assert (link.kind, told["paper"], told["state"]) == (seals.END, paper.seal.code, "annulled")
    assert (told["reason"], told["name"]) == ("Ошибка в отметке", people.methodist.full_name)
    assert datetime.datetime.fromisoformat(told["at"]) <= timezone.now()
    page = checked(client, link)
    assert "Подлинный" in page
    assert paper.seal.code in page


def test_swapped_seals_are_found(papers, client):
    first, second = papers
    Certificate.objects.filter(pk=first.pk).update(seal=second.seal)
    Certificate.objects.filter(pk=second.pk).update(seal=first.seal)
    for paper in papers:
        page = checked(client, paper.seal)
        assert "Изменён после подписания" in page
        assert "Подлинный" not in page
    found = [f"nikolsky: certificate {row.pk}: seal" for row in papers]
    assert set(found) <= set(verified())


def test_seal_moved_to_another_row_breaks_its_link(papers):
    first, second = papers
    by_force("UPDATE communities_seal SET object_id = %s WHERE id = %s", second.pk, first.seal_id)
    assert f"nikolsky: link {first.seal.number}: hash" in verified()


def test_object_of_a_link_in_an_exported_file_is_under_its_hash(people, papers, tmp_path):
    path = tmp_path / "chain.json"
    call_command("export_chain", str(path), "--municipality", "nikolsky", stdout=io.StringIO())
    assert chain_file.check(path)[0] == []
    data = json.loads(path.read_text())
    data["links"][0]["object_id"] += 1
    path.write_text(json.dumps(data))
    assert [problem.what for problem in chain_file.check(path)[0]] == ["hash"]


@pytest.mark.parametrize("change", FORGED, ids=lambda change: next(iter(change)))
def test_changed_certificate_is_named(papers, client, change):
    paper = papers[0]
    Certificate.objects.filter(pk=paper.pk).update(**change)
    assert verified() == [f"nikolsky: certificate {paper.pk}: {next(iter(change))}"]
    assert "Подлинный" not in checked(client, paper.seal)


def test_certificate_given_to_another_person_is_named(people, papers):
    paper = papers[0]
    Certificate.objects.filter(pk=paper.pk).update(person=people.coordinator)
    assert verified() == [f"nikolsky: certificate {paper.pk}: person"]


def test_certificate_without_its_seal_is_named(papers):
    paper = papers[0]
    Certificate.objects.filter(pk=paper.pk).update(seal=None)
    assert verified() == [
        f"nikolsky: certificate {paper.pk}: unsealed",
        f"nikolsky: link {paper.seal.number}: its certificate is gone",
    ]


def test_certificate_taken_out_of_the_register_is_named(papers):
    paper = papers[0]
    Certificate.objects.filter(pk=paper.pk).delete()
    assert verified() == [f"nikolsky: link {paper.seal.number}: its certificate is gone"]


@pytest.mark.parametrize(
    ("forge", "what"),
    [
        (lambda row: Minutes.objects.filter(pk=row.pk).update(number=9), "number"),
        (lambda row: Minutes.objects.filter(pk=row.pk).update(secretary=row.chair), "secretary"),
        (
            lambda row: Minutes.objects.filter(pk=row.pk).update(signed_at=timezone.now()),
            "signed_at",
        ),
        (lambda row: row.items.update(decided="Ничего"), "agenda"),
        (lambda row: row.decisions.update(text="Ничего"), "decisions"),
        (lambda row: row.decisions.update(person=row.chair), "decisions"),
    ],
)
def test_changed_minutes_are_named(signed, client, forge, what):
    assert verified() == []
    forge(signed)
    assert verified() == [f"nikolsky: minutes {signed.pk}: {what}"]
    assert "Подлинный" not in checked(client, signed.seal)


def test_minutes_turned_into_a_draft_are_named(signed, client):
    Minutes.objects.filter(pk=signed.pk).update(state="draft", number=None, seal=None)
    assert verified() == [f"nikolsky: link {signed.seal.number}: its minutes is gone"]
    assert "Подлинный" not in checked(client, signed.seal)


def test_row_under_a_text_of_another_form_is_named(people, signed):
    odd = seals.seal("minutes", signed, {"number": 1}, actor=people.leader)
    Minutes.objects.filter(pk=signed.pk).update(seal=odd)
    assert verified() == [
        f"nikolsky: minutes {signed.pk}: row",
        f"nikolsky: link {signed.seal.number}: its minutes is gone",
    ]


def test_fate_is_sealed_once(people, papers):
    paper = papers[0]
    certificates.annul(paper, actor=people.methodist, reason="Ошибка в отметке")
    with pytest.raises(certificates.CertificateError):
        certificates.annul(paper, actor=people.methodist, reason="Ещё раз")
    assert Seal.objects.filter(kind=seals.END).count() == 1
    assert seals.verify_municipality(people.municipality) == []
