"""`python -m leads.dossier verify FILE --key PUBLIC_KEY`: says whether any byte was changed.

Ends with 0 when none was, with 1 when one was, with 2 when that cannot be said.
"""

import argparse
import json
import sys
from pathlib import Path

from leads.dossier.signing import KeyFormatError, read_public_keys
from leads.dossier.verification import Verified, verify


def main(arguments: list[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    try:
        keys = read_public_keys(read(given.key))
        verified = verify(read(given.file), keys)
    except OSError as error:
        return fail(f"{error.filename} cannot be read: {error.strerror}.")
    except KeyFormatError as error:
        return fail(f"{given.key}: {error}")
    for line in report(verified):
        sys.stdout.write(f"{line}\n")
    return 1 if verified.faults else 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m leads.dossier", description=__doc__)
    deeds = made.add_subparsers(required=True, metavar="verify")
    verifying = deeds.add_parser("verify", help="says whether any byte of a dossier was changed")
    verifying.add_argument("file", type=Path, metavar="FILE", help="the dossier")
    verifying.add_argument(
        "--key",
        type=Path,
        required=True,
        metavar="PUBLIC_KEY",
        help="the installation's public keys in PEM, from /.well-known/leadping-dossier-key.pem",
    )
    return made


def read(path: Path) -> bytes:
    return path.read_bytes()


def fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


def report(verified: Verified) -> list[str]:
    if verified.faults:
        return ["CHANGED. This is not the dossier that was signed:", *(f"- {it}" for it in verified.faults)]
    facts = json.loads(verified.files["dossier.json"])
    return [
        "Unchanged: every byte is the one that was signed.",
        f"Lead {facts['lead']}, dossier made {facts['made_at']} by {facts['made_by']}.",
        f"{len(verified.files)} files, key {verified.key}.",
    ]


if __name__ == "__main__":
    sys.exit(main())
