"""The clinic's own words for letters: a new version each time, older ones kept, as letters name them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused, StaleScreen
from db.models import vocabulary as v
from db.operations._rows import add, one_of
from db.operations.roles import guarded
from db.queries.wordings import versions
from db.stamp import Stamp

LONGEST = 200_000
"""Characters of one version."""


@dataclass(frozen=True, slots=True)
class NewWording:
    """The changed sentences of one kind of letter in one language, as TOML that the paper room has checked."""

    kind: str
    language: str
    text: str


@guarded()
def save_wording(session: Session, new: NewWording, seen_version: int, stamp: Stamp) -> Changes:
    """Keep new words for a kind of letter; letters made from now on use them.

    `seen_version` is how many versions there were on the screen. Raises `StaleScreen("changed-meanwhile")`, and
    `Refused`: unknown-code, missing-field, wording-too-long, wording-unchanged.
    """
    one_of(new.kind, v.LETTER_KINDS, "kind")
    if not new.text.strip() or not new.language.strip():
        raise Refused("missing-field", field="text")
    if len(new.text) > LONGEST:
        raise Refused("wording-too-long")
    before = versions(session, new.kind, new.language)
    if len(before) != seen_version:
        raise StaleScreen("changed-meanwhile", seen=seen_version, now=len(before))
    sha256 = hashlib.sha256(new.text.encode()).hexdigest()
    if any(one.sha256 == sha256 for one in before):
        raise Refused("wording-unchanged")
    made = add(
        session, m.WordingVersion, stamp, kind=new.kind, language=new.language, text=new.text, sha256=sha256,
        state="live",
    )  # fmt: skip
    detail = {"kind": new.kind, "language": new.language, "sha256": sha256}
    audit.record(session, stamp, "save-wording", "wording_version", made, None, detail)
    return Changes(frozenset({"settings", "letters"}), created_id=made)
