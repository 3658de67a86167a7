"""What stands in the audit, in words: its actions, and the codes and values beside them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.wording.plain import tr

_ACTIONS: Mapping[str, object] = {
    "view-patient": QT_TRANSLATE_NOOP("Replete", "Looked at the record"),
    "view-assessment": QT_TRANSLATE_NOOP("Replete", "Looked at the reasons"),
    "view-list": QT_TRANSLATE_NOOP("Replete", "Looked at a list"),
    "print-letter": QT_TRANSLATE_NOOP("Replete", "Printed a letter"),
    "print-list": QT_TRANSLATE_NOOP("Replete", "Printed a list"),
    "export-list": QT_TRANSLATE_NOOP("Replete", "Exported a list"),
    "export-letter": QT_TRANSLATE_NOOP("Replete", "Saved a letter"),
    "export-course": QT_TRANSLATE_NOOP("Replete", "Saved a course as FHIR"),
    "export-audit": QT_TRANSLATE_NOOP("Replete", "Exported the audit"),
    "log-in-after-failures": QT_TRANSLATE_NOOP("Replete", "Logged in after wrong passwords"),
    "recovery-key-used": QT_TRANSLATE_NOOP("Replete", "Used the recovery key"),
    "new-recovery-key": QT_TRANSLATE_NOOP("Replete", "Made a new recovery key"),
    "register-referral": QT_TRANSLATE_NOOP("Replete", "Registered a referral"),
    "change-details": QT_TRANSLATE_NOOP("Replete", "Changed the details"),
    "set-conditions": QT_TRANSLATE_NOOP("Replete", "Changed the clinical picture"),
    "plan-course": QT_TRANSLATE_NOOP("Replete", "Planned a course"),
    "record-infusion": QT_TRANSLATE_NOOP("Replete", "Recorded an infusion"),
    "correct-infusion": QT_TRANSLATE_NOOP("Replete", "Corrected an infusion"),
    "cancel-infusion": QT_TRANSLATE_NOOP("Replete", "Marked an infusion as entered in error"),
    "store-results": QT_TRANSLATE_NOOP("Replete", "Entered results"),
    "correct-result": QT_TRANSLATE_NOOP("Replete", "Corrected a result"),
    "withdraw-result": QT_TRANSLATE_NOOP("Replete", "Withdrew a result"),
    "record-decision": QT_TRANSLATE_NOOP("Replete", "Decided"),
    "withdraw-plan": QT_TRANSLATE_NOOP("Replete", "Took back a new plan"),
    "take-back-move": QT_TRANSLATE_NOOP("Replete", "Put a visit back on its day"),
    "withdraw-decision": QT_TRANSLATE_NOOP("Replete", "Took back a decision"),
    "sign-decision": QT_TRANSLATE_NOOP("Replete", "Signed a decision"),
    "sign-plan": QT_TRANSLATE_NOOP("Replete", "Signed a plan"),
    "record-contact": QT_TRANSLATE_NOOP("Replete", "Recorded a contact"),
    "withdraw-contact": QT_TRANSLATE_NOOP("Replete", "Took back a contact"),
    "end-follow-up": QT_TRANSLATE_NOOP("Replete", "Ended follow-up"),
    "resume-follow-up": QT_TRANSLATE_NOOP("Replete", "Resumed follow-up"),
    "set-up-clinic": QT_TRANSLATE_NOOP("Replete", "Set up the clinic"),
    "change-settings": QT_TRANSLATE_NOOP("Replete", "Changed the clinic's details"),
    "draft-protocol": QT_TRANSLATE_NOOP("Replete", "Took in a draft of the protocol"),
    "withdraw-protocol-draft": QT_TRANSLATE_NOOP("Replete", "Withdrew a draft of the protocol"),
    "make-protocol-live": QT_TRANSLATE_NOOP("Replete", "Signed a protocol and made it live"),
    "explain-code": QT_TRANSLATE_NOOP("Replete", "Said what a laboratory's code means"),
    "forget-code": QT_TRANSLATE_NOOP("Replete", "Took back what a laboratory's code means"),
    "keep-columns": QT_TRANSLATE_NOOP("Replete", "Said what a table's columns mean"),
    "forget-columns": QT_TRANSLATE_NOOP("Replete", "Took back what a table's columns mean"),
    "read-again": QT_TRANSLATE_NOOP("Replete", "Read an answer again by a new protocol"),
    "read-all-again": QT_TRANSLATE_NOOP("Replete", "Read every answer again by a new protocol"),
    "close-days": QT_TRANSLATE_NOOP("Replete", "Closed days"),
    "add-user": QT_TRANSLATE_NOOP("Replete", "Added a user"),
    "rename-user": QT_TRANSLATE_NOOP("Replete", "Renamed a user"),
    "change-role": QT_TRANSLATE_NOOP("Replete", "Changed a role"),
    "disable-user": QT_TRANSLATE_NOOP("Replete", "Disabled a user"),
    "enable-user": QT_TRANSLATE_NOOP("Replete", "Enabled a user"),
    "reset-password": QT_TRANSLATE_NOOP("Replete", "Reset a password"),
    "change-own-password": QT_TRANSLATE_NOOP("Replete", "Changed their own password"),
    "set-leave": QT_TRANSLATE_NOOP("Replete", "Changed a leave"),
    "reassign-all": QT_TRANSLATE_NOOP("Replete", "Handed over all work"),
    "export-backup": QT_TRANSLATE_NOOP("Replete", "Made a backup by hand"),
    "restore-drill": QT_TRANSLATE_NOOP("Replete", "Tried a restore"),
    "set-second-backup-folder": QT_TRANSLATE_NOOP("Replete", "Changed the second backup folder"),
}


_UNSAID = frozenset({"vault", "took"})
"""Marks the program needs and nobody reads."""


def audit_action(code: str) -> str:
    """An action as a person would say it; one without words of its own as its code without dashes."""
    known = _ACTIONS.get(code)
    return tr(str(known)) if known is not None else code.replace("-", " ").capitalize()


def audit_detail(detail: Mapping[str, object]) -> str:
    """The codes and values of a line, on one line."""
    told = ((name.replace("_", " "), _value(value)) for name, value in detail.items() if name not in _UNSAID)
    return " · ".join(f"{name}: {words}" for name, words in told if words)


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(one)}" for name, one in value.items())
    return str(value)
