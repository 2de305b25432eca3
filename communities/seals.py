"""Sealing papers: canonical text, one hash chain per municipality, an Ed25519 signature.

A bare chain would not show that it was recomputed or that its tail was cut; so each link
is signed with a key kept outside the database, and papers print the head of the chain.

A sealed paper never changes: what becomes of it later is a link of its own (`end`).
"""

import base64
import functools
import json
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from communities.chain import digest_of, is_signed, link_hash, own_faults, verify
from communities.models import Municipality, Seal
from communities.workflow import post_of

END = "end"  # the kind of a link that says a paper is no longer in force
# Letters and digits nobody confuses when reading a paper aloud.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
# What a Russian keyboard gives for the letters of a code read from paper or from a screen.
LOOK_ALIKE = str.maketrans("АВЕКМНРСТУХ", "ABEKMHPCTYX")


def canonical(payload):
    """The one text of a paper: sorted keys, no spaces, letters as they are."""
    return json.dumps(
        payload,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        cls=DjangoJSONEncoder,
    )


def new_code():
    """An unguessable code for the check page, for example 7KQ2-M9XA-4TPH."""
    raw = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(raw[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def private_key():
    """The installation's key; made on first use with no rights for others."""
    return _key_in(Path(settings.SIGNING_KEY_FILE))


@functools.cache
def _key_in(path):
    if not path.exists():
        _write_new_key(path)
    return serialization.load_pem_private_key(path.read_bytes(), password=None)


def _write_new_key(path):
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(pem)
    try:
        os.link(draft, path)  # two processes may start at once: the first key stays
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def public_key_pem():
    """The public half, for checking exported papers without this installation."""
    return (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@transaction.atomic
def seal(kind, obj, payload, *, actor, at=None, code=None):
    """Freeze `payload` as the text of `obj` and append it to the municipality's chain.

    The municipality's row is locked, so that two papers never share a place.
    """
    municipality = Municipality.objects.select_for_update(no_key=True).get(pk=obj.municipality_id)
    tail = Seal.objects.filter(municipality=municipality).order_by("-number").first()
    text = canonical(payload)
    row = Seal(
        municipality=municipality,
        number=tail.number + 1 if tail else 1,
        kind=kind,
        code=code or new_code(),
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        payload=text,
        digest=digest_of(text),
        previous=tail.chain_hash if tail else "",
        sealed_at=at or timezone.now(),
        sealed_by=actor,
    )
    row.chain_hash = link_hash(row)
    row.signature = base64.b64encode(private_key().sign(row.chain_hash.encode())).decode()
    row.save(force_insert=True)
    return row


def end(paper, obj, state, *, actor, reason, at=None, successor=None):
    """Append that the sealed `paper` of `obj` is no longer in force: why, since when, who says so.

    The row of the object says the same, but a row can be written back.
    """
    at = at or timezone.now()
    payload = {
        "paper": paper.code,
        "state": state,
        "reason": reason,
        "at": at,
        "name": actor.full_name,
        "post": post_of(actor),
        "successor": successor.code if successor else "",
    }
    return seal(END, obj, payload, actor=actor, at=at)


def end_of(paper):
    """The link that ends this paper, or None while it is in force."""
    return later(paper, END).first()


def later(paper, kind):
    """Links of a kind about the same row as this paper, the earliest first."""
    rows = Seal.objects.filter(
        municipality_id=paper.municipality_id,
        kind=kind,
        object_type=paper.object_type,
        object_id=paper.object_id,
    )
    return rows.select_related("municipality").order_by("number")


def is_of(paper, obj):
    """Whether this seal was put on this very row."""
    return (paper.object_type, paper.object_id) == (obj._meta.label_lower, obj.pk)


def faults(link):
    """What is wrong with one link, as codes: its text, its hash, its signature."""
    found = list(own_faults(link))
    if not is_signed(link, private_key().public_key()):
        found.append("signature")
    return found


def verify_municipality(municipality):
    """Problems of the municipality's chain as it stands in the database."""
    links = Seal.objects.filter(municipality=municipality).select_related("municipality")
    return verify(links.order_by("number"), private_key().public_key())


def head(municipality):
    """The last link, printed on papers and shown on the check page."""
    return Seal.objects.filter(municipality=municipality).order_by("-number").first()
