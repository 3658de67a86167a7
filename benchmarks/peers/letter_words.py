"""`python -m benchmarks.peers.letter_words FOLDER [--letters N]`: the words of due letters as a table for a mail merge.

Prints, as JSON, how long Replete took for the same letters: read, drawn, archived and audited, and all in one PDF.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.clinic import Clinic
from db import queries
from db.operations.batches import open_batch
from desktop.letters.batch import load_rows, prepare

TODAY = date(2026, 3, 12)
DUE_OF_HUNDRED = 10
"""Fewer patients than this of a hundred never have a letter due; more are made until there are enough."""


def main() -> int:
    """Write `letters.csv` (address, title, words) into the folder and print the time of ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--letters", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clinic = Clinic.make(Path(folder), options.letters * 100 // DUE_OF_HUNDRED, TODAY)
        began = time.perf_counter()
        with clinic.database.read() as session:
            signer = queries.owner(session, clinic.user_id)
            due = [row for row in queries.letters_due(session, TODAY) if not row.blocked]
            loaded = load_rows(session, due[: options.letters], TODAY)
        made = prepare(loaded, signer, TODAY, clinic.protocol, lambda *_: None)
        with clinic.database.write() as session:
            open_batch(session, made.new_batch("file"), clinic.stamp())
        seconds = time.perf_counter() - began
        clinic.close()
    with (options.folder / "letters.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        writer.writerow(("address", "title", "words"))
        for one in made.letters:
            lines = one.recipient.get("address_lines")
            address = [str(one.recipient["name"]), *(lines if isinstance(lines, list) else [])]
            writer.writerow(("\n".join(address), one.drawn.title, one.drawn.text))
    pages = sum(one.drawn.pages for one in made.letters)
    print(json.dumps({"letters": len(made.letters), "pages": pages, "seconds": round(seconds, 2)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
