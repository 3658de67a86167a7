"""Words for dates, numbers and codes on the screen, in the language of the user.

Codes cross the program, sentences do not: everything a person reads is made here or by a widget's own `tr`.
"""

from __future__ import annotations

from desktop.wording.clinical import (
    action_name,
    action_words,
    analyte_name,
    cause_name,
    condition_name,
    label_name,
    method_name,
    outcome_name,
    product_name,
    profile_name,
    response_name,
    speciality_name,
    symptom_name,
    tr,
    urgency_name,
    work_up_item_name,
)
from desktop.wording.dates import (
    age_years,
    ago,
    born,
    clock_time,
    days,
    due_words,
    long_date,
    plain_date,
    read_date,
    short_date,
    week_date,
)
from desktop.wording.errors import error_words
from desktop.wording.keys import key_words
from desktop.wording.numbers import (
    change,
    count,
    milligrams,
    number,
    quantity,
    read_number,
    span,
    unit_text,
)
from desktop.wording.work import (
    band_name,
    contact_outcome_name,
    course_state_name,
    ending_name,
    item_state_name,
    letter_kind_name,
    letter_state_name,
    result_state_name,
    role_name,
    sex_letter,
    sex_name,
    visit_state_name,
    why_words,
)

__all__ = [
    "action_name", "action_words", "age_years", "ago", "analyte_name", "band_name", "born", "cause_name", "change",
    "clock_time", "condition_name", "contact_outcome_name", "count", "course_state_name", "days", "due_words",
    "ending_name", "error_words", "item_state_name", "key_words", "label_name", "letter_kind_name",
    "letter_state_name", "long_date", "method_name", "milligrams", "number", "outcome_name", "plain_date",
    "product_name", "profile_name", "quantity", "read_date", "read_number", "response_name", "result_state_name",
    "role_name", "sex_letter", "sex_name", "short_date", "span", "speciality_name", "symptom_name", "tr",
    "unit_text", "urgency_name", "visit_state_name", "week_date", "why_words",
    "work_up_item_name",
]  # fmt: skip
