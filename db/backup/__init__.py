"""Backups of a clinic file: made and proved, thinned, carried to a second folder, tried out, restored."""

from db.backup.drills import Drill, drill
from db.backup.keys import FoundKey, find_key, find_key_with_recovery
from db.backup.making import Made, make, make_as
from db.backup.naming import Backup, folder_of, listed, name_of
from db.backup.proof import Progress, Proof, problems, prove
from db.backup.restoring import (
    Restored,
    finish_restore,
    note_restore,
    prepare,
    refuse_others,
    restore,
    who_did,
)
from db.backup.rounds import Round, carry, round_of, thin
from db.backup.thinning import kept

__all__ = [
    "Backup", "Drill", "FoundKey", "Made", "Progress", "Proof", "Restored", "Round", "carry", "drill", "find_key",
    "find_key_with_recovery", "finish_restore", "folder_of", "kept", "listed", "make", "make_as", "name_of",
    "note_restore", "prepare", "problems", "prove", "refuse_others", "restore", "round_of", "thin", "who_did",
]  # fmt: skip
