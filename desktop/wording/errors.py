"""Known errors as sentences: what happened, what was kept, what to do now."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from db.errors import KnownError, NotFound
from desktop.wording.file_errors import SENTENCES as _FILE_SENTENCES
from desktop.wording.import_states import REFUSALS as _IMPORT_SENTENCES
from desktop.wording.merge_errors import SENTENCES as _MERGE_SENTENCES
from desktop.wording.protocol_errors import SENTENCES as _PROTOCOL_SENTENCES
from desktop.wording.protocol_errors import told as _protocol_told
from desktop.wording.role_errors import SENTENCES as _ROLE_SENTENCES
from desktop.wording.role_errors import told
from desktop.wording.server_errors import SENTENCES as _SERVER_SENTENCES

tr = QCoreApplication.translate

_SENTENCES: Mapping[str, object] = {
    "wrong-key": QT_TRANSLATE_NOOP("errors", "The name or password does not open this clinic."),
    "wait-after-failures": QT_TRANSLATE_NOOP("errors", "Too many wrong passwords in a row."),
    "wrong-recovery-key": QT_TRANSLATE_NOOP(
        "errors",
        "This is not the recovery key of this clinic. An older one opens nothing once a new one was made.",
    ),
    "mistyped-recovery-key": QT_TRANSLATE_NOOP(
        "errors", "There is a slip in the recovery key: compare it with the paper, group by group."
    ),
    "not-an-administrator": QT_TRANSLATE_NOOP(
        "errors", "Only an administrator gets in with the recovery key. Nothing was changed."
    ),
    "not-a-database": QT_TRANSLATE_NOOP("errors", "This file is not a Replete clinic. Nothing was changed."),
    "damaged": QT_TRANSLATE_NOOP(
        "errors", "Part of this clinic's file cannot be read. Restore the last verified backup."
    ),
    "newer-database": QT_TRANSLATE_NOOP(
        "errors",
        "A newer version of Replete wrote this file. Update Replete to open it. Nothing was changed.",
    ),
    "older-database": QT_TRANSLATE_NOOP("errors", "This file was written by an older version of Replete."),
    "missing-folder": QT_TRANSLATE_NOOP("errors", "The folder for this file is not there."),
    "set-up-unfinished": QT_TRANSLATE_NOOP(
        "errors", "This clinic was not set up to the end. Open it once in the window and set it up again."
    ),
    "missing-file": QT_TRANSLATE_NOOP("errors", "There is no clinic file at this place."),
    "file-gone": QT_TRANSLATE_NOOP(
        "errors",
        "The clinic's file was moved or replaced while it was open. Nothing was saved. Put it back where it was; "
        "or note what you typed, close Replete and open the file where it is now.",
    ),
    "missing-vault": QT_TRANSLATE_NOOP(
        "errors",
        "This file is not a Replete clinic, or its vault (the file of the same name ending in .vault) is missing.",
    ),
    "already-exists": QT_TRANSLATE_NOOP(
        "errors", "There is a file at this place already. It was not touched."
    ),
    "database-busy": QT_TRANSLATE_NOOP(
        "errors", "Another program is using the clinic's file. Nothing was saved; try again in a moment."
    ),
    "disk-full": QT_TRANSLATE_NOOP(
        "errors", "The disk is full. Make room, look whether it was saved, and if not save again."
    ),
    "disk-error": QT_TRANSLATE_NOOP(
        "errors",
        "The disk could not be written. Check the connection, look whether it was saved, and if not save again.",
    ),
    "read-only": QT_TRANSLATE_NOOP("errors", "This file may not be changed. Nothing was saved."),
    "stale-screen": QT_TRANSLATE_NOOP(
        "errors", "Someone else changed this since you opened it. Nothing was saved; look again, then decide."
    ),
    "not-found": QT_TRANSLATE_NOOP("errors", "This entry is not there any more."),
    "refused": QT_TRANSLATE_NOOP("errors", "This is not possible now. Nothing was saved."),
    "course-ended": QT_TRANSLATE_NOOP("errors", "This course has ended. Nothing was saved."),
    "patient-not-active": QT_TRANSLATE_NOOP(
        "errors", "This patient is no longer followed up, so nothing was saved and no letter is made."
    ),
    "not-reached-ladder": QT_TRANSLATE_NOOP(
        "errors",
        "Nobody is given up in silence: two tries, a letter and word to the referrer come first, then a clinician "
        "decides. Nothing was changed.",
    ),
    "owner-not-active": QT_TRANSLATE_NOOP(
        "errors", "This colleague no longer works here. Choose another owner."
    ),
    "missing-field": QT_TRANSLATE_NOOP("errors", "Something that is needed was left empty."),
    "missing-reason": QT_TRANSLATE_NOOP("errors", "Say why, in a few words."),
    "unknown-code": QT_TRANSLATE_NOOP("errors", "This choice is not known. Nothing was saved."),
    "in-the-future": QT_TRANSLATE_NOOP("errors", "This date is in the future."),
    "impossible-value": QT_TRANSLATE_NOOP(
        "errors", "This value is not possible. Check the value and its unit."
    ),
    "needs-confirmation": QT_TRANSLATE_NOOP("errors", "This value is unusual. Say that it is meant."),
    "unusual-value": QT_TRANSLATE_NOOP(
        "errors", "This value is unusual. Say that it is meant, or correct it."
    ),
    "unknown-analyte": QT_TRANSLATE_NOOP("errors", "This test is not one that is followed here."),
    "unknown-unit": QT_TRANSLATE_NOOP(
        "errors", "This unit does not belong to this test. Choose one from the list."
    ),
    "in-the-past": QT_TRANSLATE_NOOP("errors", "This date has passed. Choose today or a later day."),
    "too-far-ahead": QT_TRANSLATE_NOOP(
        "errors", "This is too far ahead. Choose an earlier day, or do it now."
    ),
    "too-long-ago": QT_TRANSLATE_NOOP("errors", "This day lies years before the referral. Check the date."),
    "before-birth": QT_TRANSLATE_NOOP("errors", "This date lies before the patient's birth."),
    "nothing-changed": QT_TRANSLATE_NOOP("errors", "Nothing was changed, so nothing was saved."),
    "already-superseded": QT_TRANSLATE_NOOP("errors", "This was corrected already. Correct the newer entry."),
    "identifier-in-use": QT_TRANSLATE_NOOP(
        "errors", "Another patient has this number. Compare the two first."
    ),
    "already-active": QT_TRANSLATE_NOOP("errors", "This patient is followed up already."),
    "contact-withdrawn": QT_TRANSLATE_NOOP("errors", "This call was taken back already."),
    "contact-not-today": QT_TRANSLATE_NOOP(
        "errors", "A call is taken back on the day it was logged. Log what was said today instead."
    ),
    "decision-withdrawn": QT_TRANSLATE_NOOP("errors", "This decision was taken back already."),
    "decision-of-another": QT_TRANSLATE_NOOP(
        "errors", "A decision is taken back by whoever made it. Ask them, or decide again when it is back."
    ),
    "decision-not-today": QT_TRANSLATE_NOOP(
        "errors", "A decision is taken back on the day it was made. Change the next step instead."
    ),
    "already-signed": QT_TRANSLATE_NOOP(
        "errors", "A clinician has signed this, so it stands. Change the next step instead."
    ),
    "decision-not-kept": QT_TRANSLATE_NOOP(
        "errors", "This decision was made with a plan. Change the plan instead."
    ),
    "decision-followed": QT_TRANSLATE_NOOP(
        "errors", "Something follows from this decision already, so it stands. Change the next step instead."
    ),
    "move-not-today": QT_TRANSLATE_NOOP(
        "errors", "A move is taken back on the day it was made. Move the visit to another day instead."
    ),
    "plan-not-kept": QT_TRANSLATE_NOOP(
        "errors", "This was the first plan of the course. Cancel its visits instead."
    ),
    "plan-of-another": QT_TRANSLATE_NOOP(
        "errors", "A plan is taken back by whoever made it. Plan the course again instead."
    ),
    "plan-not-today": QT_TRANSLATE_NOOP(
        "errors", "A plan is taken back on the day it was made. Plan the course again instead."
    ),
    "plan-followed": QT_TRANSLATE_NOOP(
        "errors", "Something follows from this plan already, so it stands. Plan the course again instead."
    ),
    "already-set-up": QT_TRANSLATE_NOOP("errors", "This clinic is set up already."),
    "login-in-use": QT_TRANSLATE_NOOP("errors", "Another user has this log-in name. Choose another."),
    "not-planned": QT_TRANSLATE_NOOP("errors", "This course has no plan yet. Plan it first."),
    "visit-not-planned": QT_TRANSLATE_NOOP("errors", "This visit is no longer planned."),
    "impossible-dose": QT_TRANSLATE_NOOP("errors", "This dose is not possible. Check the milligrams."),
    "expired": QT_TRANSLATE_NOOP("errors", "The batch had expired on that day. Check the date on the vial."),
    "unknown-grade": QT_TRANSLATE_NOOP("errors", "A reaction has a grade from 0 to 4."),
    "not-a-time": QT_TRANSLATE_NOOP("errors", "Type a time on 24 hours, such as 10:30."),
    "times-not-in-order": QT_TRANSLATE_NOOP("errors", "The infusion cannot end before it began."),
    "other-course": QT_TRANSLATE_NOOP("errors", "This belongs to another course. Nothing was saved."),
    "other-patient": QT_TRANSLATE_NOOP("errors", "This belongs to another patient. Nothing was saved."),
    "other-product": QT_TRANSLATE_NOOP(
        "errors", "The course is planned with another product. Change the plan first."
    ),
    "already-planned": QT_TRANSLATE_NOOP(
        "errors", "This course is planned already: record what was given on the patient's page."
    ),
    "two-on-one-day": QT_TRANSLATE_NOOP("errors", "Two infusions are typed for one day; put them together."),
    "no-visits": QT_TRANSLATE_NOOP("errors", "A plan needs one visit at least."),
    "visits-not-in-order": QT_TRANSLATE_NOOP("errors", "The visits must follow each other in time."),
    "not-proposed": QT_TRANSLATE_NOOP(
        "errors", "This step is not among those proposed. Choose another with a reason."
    ),
    "cause-missing": QT_TRANSLATE_NOOP("errors", "Say first what was found about the cause, then discharge."),
    "discharge-with-other-steps": QT_TRANSLATE_NOOP(
        "errors", "A discharge ends follow-up, so no other step can go with it. Choose the one or the other."
    ),
    "step-closed": QT_TRANSLATE_NOOP("errors", "This step has been done already."),
    "done-by-itself": QT_TRANSLATE_NOOP(
        "errors", "This step ends by itself once what it waits for is recorded."
    ),
    "work-up-open": QT_TRANSLATE_NOOP("errors", "The work-up still has open items."),
    "cannot-be-suspended": QT_TRANSLATE_NOOP(
        "errors", "What is urgent, or waits to be looked at, cannot rest. Decide on it first."
    ),
    "not-suspended": QT_TRANSLATE_NOOP("errors", "This course is not suspended any more."),
    "empty-batch": QT_TRANSLATE_NOOP("errors", "There is no letter to print."),
    "not-printed": QT_TRANSLATE_NOOP(
        "errors", "The printer did not take it. See whether it is switched on, then print again."
    ),
    "letter-in-batch": QT_TRANSLATE_NOOP(
        "errors", "This letter is in a batch that was perhaps not printed. Say first whether it came out."
    ),
    "batch-answered": QT_TRANSLATE_NOOP(
        "errors",
        "Somebody has said meanwhile what came out of this batch. Nothing was saved; look at it again.",
    ),
    "no-letters": QT_TRANSLATE_NOOP("errors", "This patient asked for no letters."),
    "wording-too-long": QT_TRANSLATE_NOOP("errors", "These words are too long to be kept."),
    "wording-unchanged": QT_TRANSLATE_NOOP(
        "errors", "These words are the same as before. Nothing was saved."
    ),
    "letter-void": QT_TRANSLATE_NOOP("errors", "This letter is void. Make a new one."),
    "letter-out-of-date": QT_TRANSLATE_NOOP(
        "errors", "The record changed after this letter was made. Void it and make a new one."
    ),
    "not-sent": QT_TRANSLATE_NOOP("errors", "This letter has not been printed or sent yet."),
    "hash-mismatch": QT_TRANSLATE_NOOP(
        "errors", "The letter's file was changed on the way. Nothing was archived."
    ),
    "empty-letter": QT_TRANSLATE_NOOP("errors", "The letter has no pages. Nothing was archived."),
    "letter-id-in-use": QT_TRANSLATE_NOOP("errors", "A letter with this number is archived already."),
    "changed-meanwhile": QT_TRANSLATE_NOOP(
        "errors", "Someone else changed this since you opened it. Nothing was saved; look again, then decide."
    ),
    "assessment-changed": QT_TRANSLATE_NOOP(
        "errors", "The assessment is newer than the one you read. Nothing was saved; read it, then decide."
    ),
    "clinic-not-set-up": QT_TRANSLATE_NOOP("errors", "This clinic is not set up yet."),
    "user-unknown": QT_TRANSLATE_NOOP("errors", "There is no user of this name."),
    "user-not-active": QT_TRANSLATE_NOOP("errors", "This user may no longer log in."),
    "last-user": QT_TRANSLATE_NOOP(
        "errors", "This is the only user who can open the clinic. Add another first."
    ),
    "empty-password": QT_TRANSLATE_NOOP("errors", "A password is needed."),
    "empty-user-name": QT_TRANSLATE_NOOP("errors", "A name to log in with is needed."),
    "bad-state": QT_TRANSLATE_NOOP("errors", "The course has moved on, so this is not possible any more."),
}


_TABLES = (
    _SENTENCES,
    _ROLE_SENTENCES,
    _SERVER_SENTENCES,
    _FILE_SENTENCES,
    _IMPORT_SENTENCES,
    _MERGE_SENTENCES,
    _PROTOCOL_SENTENCES,
)


def error_words(error: KnownError) -> str:
    """The sentence about a known error. A code without one of its own gets the general sentence and the code."""
    with_values = told(error) or _protocol_told(error)
    if with_values is not None:
        return with_values
    known = (table.get(error.code) for table in _TABLES)
    sentence = next((found for found in known if found is not None), None)
    if sentence is None and isinstance(error, NotFound):
        sentence = _SENTENCES["not-found"]
    if sentence is None:
        general = tr("errors", str(_SENTENCES["refused"]))
        return f"{general} ({error.code.replace('-', ' ')})"
    return tr("errors", str(sentence))
