"""Checking an exported chain of papers without the portal: no database, no Django.

    python -m attestation.chain_file chain.json --head <hash from a paper or a letter>

Finds a changed text, a chain that was recomputed (its signatures are missing), and with
`--head` a tail that was cut off.
"""

import argparse
import datetime
import json
import sys
import types
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from communities.chain import Problem, verify

FORMAT = "teacher-network-chain-1"
WORDS = {
    "gap": "пропущена запись перед этой",
    "predecessor": "предыдущая запись другая",
    "text": "текст документа изменён",
    "hash": "запись пересчитана или изменена",
    "signature": "подпись портала неверна",
    "head": "ожидаемой головы нет: конец цепочки отрезан или заменён",
    "key": "файл подписан другим ключом",
}


def read(path):
    """The links of an exported chain, ready for `verify`, and the public key in the file."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    if data.get("format") != FORMAT:
        raise ValueError("это не выгрузка цепочки документов")
    place = types.SimpleNamespace(slug=data["municipality"])
    links = [
        types.SimpleNamespace(
            **{**row, "municipality": place, "sealed_at": _moment(row["sealed_at"])}
        )
        for row in data["links"]
    ]
    return links, data["public_key"]


def _moment(text):
    return datetime.datetime.fromisoformat(text)


def check(path, *, head="", key=""):
    """Problems of an exported chain; `head` and `key` are known from elsewhere.

    Without them a file that was wholly made anew cannot be told from a true one.
    """
    links, own_key = read(path)
    problems = []
    if key and key.strip() != own_key.strip():
        problems.append(Problem(0, "key"))
    public_key = serialization.load_pem_public_key((key or own_key).encode())
    problems += verify(links, public_key)
    if head and head not in {link.chain_hash for link in links}:
        problems.append(Problem(len(links), "head"))
    return problems, len(links)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m attestation.chain_file", description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--head", default="", help="хеш, напечатанный на документе или в письме")
    parser.add_argument("--key", default="", help="файл открытого ключа, полученный отдельно")
    options = parser.parse_args(arguments)
    key = Path(options.key).read_text(encoding="utf-8") if options.key else ""
    try:
        problems, length = check(options.file, head=options.head, key=key)
    except (ValueError, KeyError, OSError) as error:
        sys.stderr.write(f"Файл не читается: {error}\n")
        return 2
    for problem in problems:
        sys.stdout.write(f"Запись {problem.number}: {WORDS[problem.what]}\n")
    if not problems:
        sys.stdout.write(f"Цепочка цела, записей: {length}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
