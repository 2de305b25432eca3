import pytest
from django.db import DatabaseError, transaction

from communities import seals
from communities.chain import Problem
from communities.models import Seal


@pytest.fixture
def chain(people):
    return [seals.seal("test", people.association, {"n": n}, actor=people.head) for n in range(3)]


def test_chain_is_whole_when_sealed(chain, people):
    assert [link.number for link in chain] == [1, 2, 3]
    assert seals.verify_municipality(people.municipality) == []


def test_text_change_is_found(chain):
    chain[1].payload = '{"n":9}'
    problems = seals.verify(chain, seals.private_key().public_key())
    assert problems == [Problem(2, "text")]


def test_recomputed_chain_is_found_by_the_signature(chain):
    previous = ""
    for link in chain:
        link.payload = '{"n":9}'
        link.digest = seals.digest_of(link.payload)
        link.previous = previous
        previous = link.chain_hash = seals.link_hash(link)
    problems = seals.verify(chain, seals.private_key().public_key())
    assert problems == [Problem(n, "signature") for n in (1, 2, 3)]


def test_removed_link_is_found(chain):
    problems = seals.verify([chain[0], chain[2]], seals.private_key().public_key())
    assert [problem.what for problem in problems] == ["gap", "predecessor"]


def test_database_refuses_to_change_a_seal(chain):
    with pytest.raises(DatabaseError), transaction.atomic():
        Seal.objects.filter(pk=chain[0].pk).update(payload="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        chain[0].delete()
