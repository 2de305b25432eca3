"""Whatever is changed after signing is found: in the database, on disk, in an exported chain."""

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

from attestation import chain_file, paper, verification
from attestation.models import AnnualReport
from communities import jobs, seals
from communities.models import Job
from tests.attestation import core
from tests.conftest import People
from tests.factories import a_built_report


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
    assert (done.returncode, done.stdout) == (0, "Цепочка цела, записей: 2\n")
