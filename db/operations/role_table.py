"""The table of operation and role, with the reason of every line. A cell that is missing is denied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Leave(StrEnum):
    """What a cell of the table says; no cell says no."""

    ALLOWED = "allowed"
    WITH_SIGN_OFF = "with-sign-off"


ROLES: Final = ("coordinator", "nurse", "clinician", "manager", "administrator")
ANYBODY: Final = ROLES

COORDINATOR: Final = "coordinator"
NURSE: Final = "nurse"
CLINICIAN: Final = "clinician"
MANAGER: Final = "manager"
ADMINISTRATOR: Final = "administrator"


@dataclass(frozen=True, slots=True)
class Line:
    """One operation (with its case): who may, and why so. `emergency`: the emergency door opens it."""

    operation: str
    cells: Mapping[str, Leave]
    why: str
    emergency: bool


def _line(operation: str, *allowed: str, why: str, sign: tuple[str, ...] = (), clinical: bool = True) -> Line:
    cells: dict[str, Leave] = dict.fromkeys(allowed, Leave.ALLOWED) | dict.fromkeys(sign, Leave.WITH_SIGN_OFF)
    ordered: dict[str, Leave] = {role: cells[role] for role in ROLES if role in cells}
    return Line(operation, MappingProxyType(ordered), why, clinical)


def _office(operation: str, *allowed: str, why: str) -> Line:
    """A line that no emergency opens: nobody's health hangs on it."""
    return _line(operation, *allowed, why=why, clinical=False)


_CARE: Final = (COORDINATOR, NURSE, CLINICIAN)
_DESK: Final = (COORDINATOR, CLINICIAN)

CLINICAL: Final = (
    _line("register_referral", *_DESK, why="Referrals arrive at the desk; a clinician may take one too."),
    _line(
        "change_details", *_CARE, why="Whoever has the patient in front of them corrects a name or a number."
    ),
    _line("set_conditions", *_CARE, why="Weight and conditions are asked at the desk and at the chair."),
    _line(
        "plan_course:within-gates",
        CLINICIAN,
        sign=(COORDINATOR,),
        why="A coordinator books by the label's own arithmetic at once; a clinician signs the prescription.",
    ),
    _line(
        "plan_course:gate-overridden",
        CLINICIAN,
        why="To pass a safety gate is a prescriber's judgement and is not done on trust.",
    ),
    _line(
        "record_earlier_iron",
        *_DESK,
        why="What was given before the referral is put down by whoever registers it; nothing is prescribed by it.",
    ),
    _line("start_repeat_course", CLINICIAN, why="Another course is a prescription."),
    _line(
        "record_infusion:within-gates",
        *_CARE,
        why="What was given is put down by whoever gave it, or for them.",
    ),
    _line(
        "record_infusion:gate-overridden",
        CLINICIAN,
        sign=(COORDINATOR, NURSE),
        why="What was given is never kept off the record; a clinician signs that a gate was passed.",
    ),
    _line(
        "correct_infusion", *_CARE, why="A slip is put right where it is seen; both entries stay readable."
    ),
    _line("cancel_infusion", *_CARE, why="A slip is put right where it is seen; the entry stays readable."),
    _line("move_visit", *_CARE, why="Days are agreed on the phone and at the chair."),
    _line("take_back_move", *_CARE, why="Who may move a visit may put it back on its day."),
    _line(
        "withdraw_plan",
        *_DESK,
        why="Whoever planned anew may take back their own plan of the day, while nothing follows from it.",
        clinical=False,
    ),
    _line("cancel_visit", *_CARE, why="Days are called off on the phone and at the chair."),
    _line("store_results", *_CARE, why="A result must reach the record whoever holds the paper."),
    _line("correct_result", *_CARE, why="A wrong value is dangerous until it is put right."),
    _line("withdraw_result", *_CARE, why="A wrong value is dangerous until it is put right."),
    _line(
        "begin_import",
        *_CARE,
        why="A laboratory's file must reach the record whoever is there to take it in.",
    ),
    _line("store_message", *_CARE, why="A laboratory's file must reach the record whoever is there."),
    _line("store_messages", *_CARE, why="A laboratory's file must reach the record whoever is there."),
    _line("finish_import", *_CARE, why="Whoever takes a file in says how it ended."),
    _line("undo_import", *_DESK, why="To take a whole file back is done by the desk or a clinician."),
    _line(
        "file_held_results",
        *_CARE,
        why="Whoever has the paper in hand knows whose it is, and types the year of birth.",
    ),
    _line(
        "take_back_results", *_CARE, why="A result in the wrong record is dangerous until it is out of it."
    ),
    _line(
        "explain_code",
        *_DESK,
        why="What a laboratory's code means is settled once, by the desk or a clinician.",
    ),
    _line(
        "keep_columns",
        *_DESK,
        ADMINISTRATOR,
        why="What the columns of a file mean is settled once for its source.",
    ),
    _line("forget_code", *_DESK, why="Who may say what a code means may take it back."),
    _line(
        "forget_columns",
        *_DESK,
        ADMINISTRATOR,
        why="Who may say what columns mean may take it back.",
    ),
    _line(
        "reject_held_result",
        *_DESK,
        why="To turn a result away closes it, so the desk or a clinician does it.",
    ),
    _line(
        "record_decision:accept",
        CLINICIAN,
        sign=(COORDINATOR,),
        why="What the rules propose may begin at once, so that nobody waits; a clinician signs it.",
    ),
    _line(
        "record_decision:choose-another",
        CLINICIAN,
        why="To depart from what the rules propose is a clinical judgement.",
    ),
    _line("record_decision:defer", CLINICIAN, why="To put an answer off is a clinical judgement."),
    _line(
        "record_decision:not-appropriate", CLINICIAN, why="To set an answer aside is a clinical judgement."
    ),
    _line(
        "withdraw_decision",
        *_DESK,
        why="Whoever decided may take back their own decision of the day, while nothing follows from it.",
        clinical=False,
    ),
    _line("sign_decision", CLINICIAN, why="A signature is a prescriber's."),
    _line("sign_plan", CLINICIAN, why="A signature is a prescriber's."),
    _line("end_follow_up:declined", *_DESK, why="A patient's no is taken where it is said."),
    _line("end_follow_up:transferred", *_DESK, why="The desk learns who has moved to another clinic."),
    _line("end_follow_up:deceased", *_DESK, why="Letters and calls must stop at once, whoever learns of it."),
    _line(
        "end_follow_up:did-not-attend",
        CLINICIAN,
        why="Nobody is given up unreached but by a clinician; it is never urgent.",
        clinical=False,
    ),
    _line("resume_follow_up", *_DESK, why="Taking somebody back cannot wait for a signature."),
    _line(
        "record_contact", *_CARE, why="Whoever called puts down what was said, a refusal or a death included."
    ),
    _line("withdraw_contact", *_CARE, why="Who may put a call down may take back the one that was not made."),
    _line(
        "update_item",
        *_DESK,
        why="The desk orders and chases tests and referrals; results are read by clinicians.",
    ),
    _line("change_due", *_DESK, why="Days of follow-up are kept by the desk."),
    _line("suspend", *_DESK, why="Days of follow-up are kept by the desk; the course wakes by itself."),
    _line("wake", *_DESK, why="Days of follow-up are kept by the desk."),
    _line("complete", *_DESK, why="Calls and referrals are made by the desk or a clinician."),
    _line("issue", *_CARE, why="The day's letters are printed beside the chair and at the desk."),
    _line("mark_printed", *_CARE, why="Whoever prints or posts a letter says so."),
    _line("open_batch", *_CARE, why="The day's letters are printed beside the chair and at the desk."),
    _line("settle_batch", *_CARE, why="Whoever stands at the printer sees what came out."),
    _line("void", *_CARE, why="A wrong letter is taken back before it leaves the house."),
    _line(
        "reassign", *_CARE, MANAGER, why="Work is handed over by those who do it and by who plans their days."
    ),
)

OFFICE: Final = (
    _office(
        "reassign_all",
        MANAGER,
        ADMINISTRATOR,
        why="Somebody who leaves hands over all of it.",
    ),
    _office(
        "record_view", *ANYBODY, why="Looking is noted for everybody; to refuse the note would hide the look."
    ),
    _office("record_print:letter", *_CARE, why="Letters are printed by those who make them."),
    _office(
        "record_print:list", *_CARE, MANAGER, why="Lists are for daily work and for those who oversee it."
    ),
    _office("record_export:letter", *_CARE, why="Letters are saved by those who make them."),
    _office(
        "record_export:list", *_DESK, MANAGER, why="Lists leave the record for daily work and for reports."
    ),
    _office(
        "record_export:course",
        *_CARE,
        why="What another treating team needs to know is handed on by those who look after the patient.",
    ),
    _office("record_export:audit", ADMINISTRATOR, why="The audit is looked after by the administrator."),
    _office(
        "merge_patients",
        CLINICIAN,
        ADMINISTRATOR,
        why="Joined records change what the next dose rests on (a clinician), and who is who (the administrator).",
    ),
    _office(
        "unmerge_patients",
        CLINICIAN,
        ADMINISTRATOR,
        why="Who may join two records may take them apart; the work done since has to be read.",
    ),
    _office(
        "note_not_the_same",
        *_DESK,
        ADMINISTRATOR,
        why="The desk knows the people; nothing moves by saying that two are two.",
    ),
    _office("withdraw_not_the_same", *_DESK, ADMINISTRATOR, why="Who may say it may ask again."),
    _office("add_clinician", *_DESK, ADMINISTRATOR, why="A new practice turns up with a referral."),
    _office(
        "change_settings", ADMINISTRATOR, why="The clinic's name, units and calendar change every letter."
    ),
    _office(
        "save_wording", ADMINISTRATOR, why="The words of letters are everybody's; one person changes them."
    ),
    _office(
        "draft_protocol",
        CLINICIAN,
        ADMINISTRATOR,
        why="A draft changes nothing until another person has signed it.",
    ),
    _office(
        "withdraw_protocol_draft",
        CLINICIAN,
        ADMINISTRATOR,
        why="Who may take a draft in may take one away; its text stays on record.",
    ),
    _office(
        "make_protocol_live",
        CLINICIAN,
        why="The numbers every answer rests on are signed by a clinician who did not draft them.",
    ),
    _office(
        "read_again",
        *ANYBODY,
        why="A protocol that went live reads every answer again by itself; somebody else decides.",
    ),
    _office("finish_reading_again", *ANYBODY, why="The end of the same, put down by the program."),
    _office("close_days", ADMINISTRATOR, why="Closed days move bookings."),
    _office("add_user", ADMINISTRATOR, why="Who works here is the administrator's to say."),
    _office("rename_user", ADMINISTRATOR, why="Who works here is the administrator's to say."),
    _office("change_role", ADMINISTRATOR, why="What a colleague may do is the administrator's to say."),
    _office("disable_user", ADMINISTRATOR, why="Who works here is the administrator's to say."),
    _office("enable_user", ADMINISTRATOR, why="Who works here is the administrator's to say."),
    _office(
        "reset_password",
        ADMINISTRATOR,
        why="A forgotten password is replaced by the administrator, never read.",
    ),
    _office(
        "note_new_recovery_key",
        ADMINISTRATOR,
        why="The recovery key opens everything, so the administrator makes and keeps it.",
    ),
    _office("note_recovery", ADMINISTRATOR, why="The recovery key lets an administrator in again."),
    _office("change_own_password", *ANYBODY, why="Everybody's password is their own."),
    _office("set_leave:own", *ANYBODY, why="Everybody says when they are away and who stands in."),
    _office(
        "set_leave:of-another",
        MANAGER,
        ADMINISTRATOR,
        why="Somebody may fall ill without saying who stands in.",
    ),
    _office(
        "review_emergency", MANAGER, ADMINISTRATOR, why="Whoever used the emergency door does not review it."
    ),
    _office(
        "set_second_backup_folder",
        ADMINISTRATOR,
        why="Where copies of the record lie is the administrator's.",
    ),
    _office(
        "record_unsafe_place",
        *ANYBODY,
        why="Where the file lies is noted for everybody; to refuse the note would hide the risk.",
    ),
    _office(
        "export_backup",
        *ANYBODY,
        why="A clinic without a copy is the greater danger; the copy stays encrypted and the audit names who made it.",
    ),
    _office(
        "restore_backup",
        *ANYBODY,
        why="When the disk dies, whoever is there puts the clinic back; what was there is kept, and the audit tells.",
    ),
    _office("move_clinic", ADMINISTRATOR, why="Whoever moves a clinic holds all of it in their hands."),
    _office("record_drill", ADMINISTRATOR, why="Restore drills are the administrator's."),
)

TABLE: Final[Mapping[str, Line]] = MappingProxyType({line.operation: line for line in (*CLINICAL, *OFFICE)})
"""Every line by its operation."""
