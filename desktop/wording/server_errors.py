"""Sentences about a clinic on a server: what happened, what was kept, what to do now."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP

SENTENCES: Mapping[str, object] = {
    "server-unreachable": QT_TRANSLATE_NOOP(
        "errors",
        "The database server does not answer. Nothing was saved, and what you typed is still here; try again.",
    ),
    "outcome-unknown": QT_TRANSLATE_NOOP(
        "errors",
        "The server went away while this was being saved, so it is not known yet whether it was. What you typed is "
        "still here. Replete asks again by itself, and says so when it knows.",
    ),
    "server-lost-not-saved": QT_TRANSLATE_NOOP(
        "errors",
        "The server went away while this was being saved, and nothing of it was. What you typed is still here; save "
        "it again.",
    ),
    "saved-after-all": QT_TRANSLATE_NOOP(
        "errors",
        "What you saved before the server went away is on record after all. Nothing more was saved now; look at the "
        "record before you save again.",
    ),
    "server-refused": QT_TRANSLATE_NOOP(
        "errors",
        "The database server does not let this computer in. Check the role, its password, the database's name and, "
        "where the server is another computer, its certificate.",
    ),
    "server-address": QT_TRANSLATE_NOOP(
        "errors", "This is not an address Replete can use. Write postgresql://role@host/database."
    ),
    "server-in-clear": QT_TRANSLATE_NOOP(
        "errors",
        "This connection would send patients' data unencrypted through the network, so it was not made. Set up TLS "
        "on the server and leave sslmode out of the address, or write sslmode=verify-full.",
    ),
    "server-too-old": QT_TRANSLATE_NOOP(
        "errors", "This server is too old. Replete needs PostgreSQL 15 or later."
    ),
    "server-collation": QT_TRANSLATE_NOOP(
        "errors",
        "This database compares texts by another order than a clinic needs. Make it anew with "
        "ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0.",
    ),
    "server-in-use": QT_TRANSLATE_NOOP(
        "errors",
        "Somebody has this clinic open. Close Replete at every workstation first. Nothing was changed.",
    ),
    "server-not-empty": QT_TRANSLATE_NOOP(
        "errors", "There is a clinic or something else in this database already. It was not touched."
    ),
    "server-empty": QT_TRANSLATE_NOOP("errors", "There is no clinic in this database."),
    "not-a-server-clinic": QT_TRANSLATE_NOOP(
        "errors", "This database is not a Replete clinic. Nothing was changed."
    ),
    "server-migration": QT_TRANSLATE_NOOP(
        "errors",
        "This clinic was made by an older Replete. Back the server up, then upgrade it: replete upgrade-server.",
    ),
    "only-for-a-file": QT_TRANSLATE_NOOP(
        "errors",
        "This is for clinics in a file. A clinic on a server is backed up with the server's own tools.",
    ),
    "moved-differs": QT_TRANSLATE_NOOP(
        "errors",
        "The copy is not the same as the clinic it was made from. It was taken back; nothing was changed.",
    ),
    "audit-broken": QT_TRANSLATE_NOOP(
        "errors", "The audit of this clinic does not hold together, so it was not copied. Run: replete check."
    ),
}
"""By code."""
