"""The demo clinic's post: letters that were due a while ago are printed and archived, as in a clinic at work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from clinical.protocol import Protocol
from db import queries
from db.engine import Database
from db.operations.letters import AS_ISSUED
from db.queries.worklist_rows import LettersDueRow
from db.stamp import Stamp
from desktop.letters.drawing import Composed, draw
from desktop.letters.filing import file_letter, new_letter, note_output
from desktop.letters.offers import offers

WAITING_DAYS = 7
"""Letters due within the last days are left for whoever tries the demo."""


def post(database: Database, protocol: Protocol, stamp: Stamp, progress: Callable[[int, int], None]) -> int:
    """Print to file and archive every letter that was due earlier; how many. One transaction a letter."""
    until = stamp.today - timedelta(days=WAITING_DAYS)
    with database.read() as session:
        due = [
            row for row in queries.letters_due(session, stamp.today) if row.due < until and not row.blocked
        ]
    written = 0
    for place, row in enumerate(due, start=1):
        written += _write(database, row, protocol, stamp)
        progress(place, len(due))
    return written


def _write(database: Database, row: LettersDueRow, protocol: Protocol, stamp: Stamp) -> bool:
    """Compose one letter, archive its bytes and note that it was printed; False when it is not offered any more."""
    with database.write() as session:
        found = queries.source(session, row.course_id)
        wanted = (row.kind, row.refer_to or "")
        offer = next((o for o in offers(found, stamp.today) if (o.kind, o.refer_to) == wanted), None)
        if offer is None or offer.blocked:
            return False
        made = draw(offer, found, queries.owner(session, stamp.user_id), stamp.today, protocol)
        if not isinstance(made, Composed):
            return False
        letter_id = file_letter(session, new_letter(made), stamp).created_id
        assert letter_id is not None
        note_output(session, letter_id, "printed", stamp, AS_ISSUED)
    return True
