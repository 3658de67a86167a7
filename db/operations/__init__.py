"""The table of contents of the program: everything that can be done to a clinic's record.

Every operation takes a session of `Database.write`, never commits, leaves exactly one audit row and returns what
changed. It refuses with `db.errors.Refused` or `StaleScreen`, and then nothing is saved.
"""

from db.operations.backups import record_drill, record_unsafe_place, set_second_backup_folder
from db.operations.batches import NewBatch, open_batch, settle_batch
from db.operations.clinic import (
    ClinicSettings,
    NewClinician,
    add_clinician,
    change_settings,
    close_days,
    set_up_clinic,
)
from db.operations.contacts import NewContact, record_contact, withdraw_contact
from db.operations.courses import CoursePlan, plan_course, start_repeat_course
from db.operations.decisions import DecidedStep, NewDecision, record_decision
from db.operations.earlier_iron import EarlierInfusion, record_earlier_iron
from db.operations.infusions import NewInfusion, cancel_infusion, correct_infusion, record_infusion
from db.operations.letters import NewLetter, issue, mark_printed, void
from db.operations.merging import (
    MergeChoices,
    merge_patients,
    note_not_the_same,
    unmerge_patients,
    withdraw_not_the_same,
)
from db.operations.patients import (
    ClinicalPicture,
    NewReferral,
    PatientDetails,
    change_details,
    end_follow_up,
    register_referral,
    resume_follow_up,
    set_conditions,
)
from db.operations.results import (
    NewResult,
    correct_result,
    reject_held_result,
    store_results,
    withdraw_result,
)
from db.operations.sign_offs import sign_decision, sign_plan
from db.operations.steps import change_due, complete, reassign
from db.operations.suspending import suspend, wake
from db.operations.users import (
    NewLeave,
    NewUser,
    add_user,
    change_own_password,
    change_role,
    disable_user,
    enable_user,
    reassign_all,
    rename_user,
    reset_password,
    review_emergency,
    set_leave,
)
from db.operations.visits import cancel_visit, move_visit, take_back_move
from db.operations.withdrawing import withdraw_decision, withdraw_plan
from db.operations.wordings import NewWording, save_wording
from db.operations.work_ups import update_item

__all__ = [
    "ClinicSettings",
    "ClinicalPicture",
    "CoursePlan",
    "DecidedStep",
    "EarlierInfusion",
    "MergeChoices",
    "NewBatch",
    "NewClinician",
    "NewContact",
    "NewDecision",
    "NewInfusion",
    "NewLeave",
    "NewLetter",
    "NewReferral",
    "NewResult",
    "NewUser",
    "NewWording",
    "PatientDetails",
    "add_clinician",
    "add_user",
    "cancel_infusion",
    "cancel_visit",
    "change_details",
    "change_due",
    "change_own_password",
    "change_role",
    "change_settings",
    "close_days",
    "complete",
    "correct_infusion",
    "correct_result",
    "disable_user",
    "enable_user",
    "end_follow_up",
    "issue",
    "mark_printed",
    "merge_patients",
    "move_visit",
    "note_not_the_same",
    "open_batch",
    "plan_course",
    "reassign",
    "reassign_all",
    "record_contact",
    "record_decision",
    "record_drill",
    "record_earlier_iron",
    "record_infusion",
    "record_unsafe_place",
    "register_referral",
    "reject_held_result",
    "rename_user",
    "reset_password",
    "resume_follow_up",
    "review_emergency",
    "save_wording",
    "set_conditions",
    "set_leave",
    "set_second_backup_folder",
    "set_up_clinic",
    "settle_batch",
    "sign_decision",
    "sign_plan",
    "start_repeat_course",
    "store_results",
    "suspend",
    "take_back_move",
    "unmerge_patients",
    "update_item",
    "void",
    "wake",
    "withdraw_contact",
    "withdraw_decision",
    "withdraw_not_the_same",
    "withdraw_plan",
    "withdraw_result",
]
