"""The arithmetic of the hash chain alone: needs neither Django nor a database."""

import base64
import dataclasses
import datetime
import hashlib

from cryptography.exceptions import InvalidSignature


@dataclasses.dataclass(frozen=True)
class Problem:
    """What `verify` found at one link of a chain."""

    number: int
    what: str


def digest_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(seal):
    """Hash of one link: everything about the paper, the row it is of and the link before it."""
    parts = (
        seal.previous,
        seal.municipality.slug,
        str(seal.number),
        seal.kind,
        seal.code,
        seal.object_type,
        str(seal.object_id),
        # the same moment in whatever zone it was given
        seal.sealed_at.astimezone(datetime.UTC).isoformat(),
        seal.digest,
    )
    return digest_of("\n".join(parts))


def verify(links, public_key):
    """Problems of a chain given as ordered seals; an empty list says that it is whole."""
    problems, previous, expected = [], "", 1
    for link in links:
        problems += [Problem(link.number, what) for what in _faults(link, previous, expected)]
        previous, expected = link.chain_hash, link.number + 1
        if not is_signed(link, public_key):
            problems.append(Problem(link.number, "signature"))
    return problems


def _faults(link, previous, expected):
    if link.number != expected:
        yield "gap"
    if link.previous != previous:
        yield "predecessor"
    yield from own_faults(link)


def own_faults(link):
    """What is wrong with one link, whatever stands before it."""
    if digest_of(link.payload) != link.digest:
        yield "text"
    if link_hash(link) != link.chain_hash:
        yield "hash"


def is_signed(link, public_key):
    """Whether the installation's key has signed this link."""
    try:
        public_key.verify(base64.b64decode(link.signature), link.chain_hash.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
