"""Whatever is changed after signing is found: in the database, on disk, in an exported chain."""

import hashlib
import io
import json
import pickle
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from attestation import chain_file, paper, report_documents, report_jobs, verification
from attestation.models import AnnualReport
from communities import jobs, seals
from communities.models import Job, Seal
from tests.attestation import core
from tests.conftest import People
from tests.factories import a_built_report, a_signed_report


@pytest.fixture(scope="module")
def begun(rolled_back):
    people = People()
    signed = core.sign(a_built_report(people), people)
    seals.seal("minutes", people.association, {"number": 1}, actor=people.head)
    jobs.run(Job.objects.get(kind="attestation.render_report").pk)
    return pickle.dumps((people, AnnualReport.objects.get(pk=signed.pk)))


def by_force(sql, *values):
    """Change a row past the triggers, as somebody with the database in hands would."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def faults(report):
    return paper.integrity(AnnualReport.objects.select_related("seal").get(pk=report.pk))


def test_untouched_report_has_no_fault(report):
    assert faults(report) == []
    assert verification.faults(report.seal) == []


def test_changed_text_is_found(report):
    by_force(
        "UPDATE communities_seal SET payload = replace(payload, '2', '3') WHERE id = %s",
        report.seal_id,
    )
    assert "text" in faults(report)


def test_text_with_its_hashes_made_anew_is_found(report):
    seal = report.seal
    seal.payload = seal.payload.replace("2", "3")
    seal.digest = seals.digest_of(seal.payload)
    seal.chain_hash = seals.link_hash(seal)
    by_force(
        "UPDATE communities_seal SET payload = %s, digest = %s, chain_hash = %s WHERE id = %s",
        seal.payload,
        seal.digest,
        seal.chain_hash,
        seal.pk,
    )
    assert "signature" in faults(report)


def test_changed_row_is_found(report):
    AnnualReport.objects.filter(pk=report.pk).update(
        figures={**report.figures, "organizations.school": 99}
    )
    assert faults(report) == ["row"]


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_changed_or_missing_file_is_found(report, kind, media):
    path = media / getattr(report, kind).name
    path.write_bytes(path.read_bytes() + b" ")
    assert faults(report) == [f"file_{kind}"]
    path.unlink()
    assert faults(report) == [f"file_{kind}"]


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_forged_file_under_its_own_hash_is_found(report, kind, media, client):
    content = b"%PDF-1.7 forged"
    name = f"reports/{hashlib.sha256(content).hexdigest()}.{kind}"
    (media / name).write_bytes(content)
    AnnualReport.objects.filter(pk=report.pk).update(**{kind: name})
    assert faults(report) == [f"file_{kind}"]
    assert not_genuine(client, report)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_emptied_field_of_a_paper_that_was_made_is_found(report, kind, client, as_, people):
    AnnualReport.objects.filter(pk=report.pk).update(**{kind: ""})
    assert faults(report) == [f"file_{kind}"]
    assert not_genuine(client, report)
    page = as_(people.head).get(report.get_absolute_url()).content.decode()
    assert "готовятся" not in page


def test_name_that_leads_out_of_the_files_is_found(report):
    AnnualReport.objects.filter(pk=report.pk).update(pdf="../../etc/hostname", docx="reports")
    assert faults(report) == ["file_pdf", "file_docx"]


def test_file_beside_a_report_whose_papers_are_not_sealed_is_found(report):
    by_force("DELETE FROM communities_seal WHERE kind = %s", paper.FILES)
    assert faults(report) == ["file_pdf", "file_docx"]


def test_changed_link_of_the_papers_is_found(report):
    by_force(
        "UPDATE communities_seal SET payload = replace(payload, 'a', 'b') WHERE kind = %s",
        paper.FILES,
    )
    assert faults(report) == ["files"]


def test_papers_are_sealed_once_however_often_they_are_made(report, people, media):
    jobs.run(report_jobs.request_papers(report, actor=people.head).pk)
    report_documents.keep(report)
    (link,) = Seal.objects.filter(kind=paper.FILES)
    told = json.loads(link.payload)
    assert told["paper"] == report.seal.code
    for kind in ("pdf", "docx"):
        content = (media / getattr(report, kind).name).read_bytes()
        assert told[kind]["sha256"] == hashlib.sha256(content).hexdigest()


def test_paper_printed_otherwise_later_does_not_take_the_place_of_the_sealed(report, monkeypatch):
    monkeypatch.setattr(report_documents, "pdf", lambda _report: b"%PDF-1.7 of a newer engine")
    assert report_documents.keep(report)["pdf"] == report.pdf.name
    assert Seal.objects.filter(kind=paper.FILES).count() == 1


def test_hashes_of_the_papers_stand_on_the_check_page(report, client, media):
    page = checked(client, report.seal)
    assert hashlib.sha256((media / report.pdf.name).read_bytes()).hexdigest() in page
    link = Seal.objects.get(kind=paper.FILES)
    assert report.seal.code in checked(client, link)


def test_papers_not_made_yet_are_being_prepared(people, client):
    signed = a_signed_report(people, people.association)
    assert faults(signed) == []
    page = checked(client, signed.seal)
    assert "готовятся" in page
    assert "Подлинный" in page


def checked(client, seal):
    client.logout()
    return client.get(reverse("attestation:verify", args=[seal.code])).content.decode()


def not_genuine(client, report):
    page = checked(client, report.seal)
    return "Изменён после подписания" in page and "Подлинный" not in page


def test_command_names_the_fault(report):
    call_command("verify_chain", stdout=io.StringIO())
    AnnualReport.objects.filter(pk=report.pk).update(title="Другой отчёт")
    errors = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_chain", stdout=io.StringIO(), stderr=errors)
    assert f"report {report.pk}: row" in errors.getvalue()


def test_page_shows_the_fault(report, people, as_):
    address = report.get_absolute_url()
    shown = "Отчёт изменён после подписания"
    assert shown not in as_(people.head).get(address).content.decode()
    AnnualReport.objects.filter(pk=report.pk).update(title="Другой отчёт")
    assert shown in as_(people.head).get(address).content.decode()


# The exported file


@pytest.fixture
def exported(report, tmp_path):
    path = tmp_path / "chain.json"
    call_command("export_chain", str(path), "--municipality", "nikolsky", stdout=io.StringIO())
    return path


def change(path, function):
    data = json.loads(path.read_text())
    function(data)
    path.write_text(json.dumps(data))


def whats(path, **known):
    return [problem.what for problem in chain_file.check(path, **known)[0]]


def test_exported_chain_is_whole(exported, people):
    head = seals.head(people.municipality).chain_hash
    assert whats(exported, head=head, key=seals.public_key_pem()) == []


def test_changed_text_in_the_file_is_found(exported):
    change(exported, lambda data: data["links"][0].update(payload="{}"))
    assert whats(exported) == ["text"]


def test_cut_tail_is_found_by_the_head(exported, people):
    head = seals.head(people.municipality).chain_hash
    change(exported, lambda data: data["links"].pop())
    assert whats(exported) == []  # the file alone cannot show it
    assert whats(exported, head=head) == ["head"]


def test_removed_link_is_found(exported):
    change(exported, lambda data: data["links"].pop(0))
    assert whats(exported) == ["gap", "predecessor"]


def test_chain_signed_with_another_key_is_found(exported):
    other = Ed25519PrivateKey.generate().public_key()
    pem = other.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    change(exported, lambda data: data.update(public_key=pem.decode()))
    assert whats(exported, key=seals.public_key_pem())[0] == "key"
    assert "signature" in whats(exported)


def test_file_is_checked_without_the_portal(exported):
    """In a process that has neither settings nor a database."""
    command = [sys.executable, "-m", "attestation.chain_file", str(exported)]
    environment = {"PYTHONPATH": str(settings.BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, "--head", "0" * 64], capture_output=True, text=True, env=environment
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "ожидаемой головы нет" in done.stdout
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout) == (0, "Цепочка цела, записей: 3\n")
