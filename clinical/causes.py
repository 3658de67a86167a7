"""Which causes a work-up looks for, and who is asked: by outcome, bleeding recorded, and age."""

from __future__ import annotations

from clinical.facts import Sex
from clinical.outcome import Outcome, Response, Urgency
from clinical.readings import Reading
from clinical.rules import Verdict
from clinical.rules.functional import held_back_unexplained
from clinical.rules.other_cause import MARROW_CODES
from clinical.rules.phosphate import long_low, other_product
from clinical.rules.urgent import BONE
from clinical.situation import Situation

URGENCY_RANK = {urgency: place for place, urgency in enumerate(Urgency)}

VITAMIN_CODES = frozenset({"b12-low", "folate-low"})

BLEEDING_CAUSES = {
    "heavy-menstrual-bleeding": "heavy-menstrual-bleeding",
    "gi-bleeding": "gi-bleeding",
    "haemorrhoids": "gi-bleeding",
    "epistaxis": "epistaxis",
    "hereditary-haemorrhagic-telangiectasia": "epistaxis",
    "haematuria": "haematuria",
}
"""Work-up list by recorded bleeding."""

GUT_SYMPTOMS = ("melaena", "haematemesis", "rectal-bleeding")


def most(urgencies: list[Urgency]) -> Urgency:
    """The most urgent of several; routine when there are none."""
    return min(urgencies, key=URGENCY_RANK.__getitem__, default=Urgency.ROUTINE)


def urgency_of(verdict: Verdict, outcome: Outcome) -> Urgency:
    """The highest urgency of the findings of one outcome."""
    return most([f.urgency for f in verdict.findings if f.outcome is outcome])


def work_up_causes(s: Situation, verdict: Verdict, tests_left: bool) -> tuple[tuple[str, ...], Urgency]:
    """Names of the work-up lists, without repeats, and how soon the work-up is due."""
    causes: list[str] = []
    urgencies: list[Urgency] = []

    def want(names: list[str], urgency: Urgency) -> None:
        causes.extend(name for name in names if name not in causes)
        urgencies.append(urgency)

    if Outcome.ONGOING_LOSS in verdict.reasons:
        want(["base", *loss_causes(s)], max_soon(urgency_of(verdict, Outcome.ONGOING_LOSS)))
        if "ferritin-low-again" in verdict.codes and s.response in (Response.NONE, Response.WORSE):
            want(["dose-not-delivered"], Urgency.SOON)
    if Outcome.OTHER_CAUSE in verdict.reasons:
        want(other_causes(verdict), urgency_of(verdict, Outcome.OTHER_CAUSE))
    if Outcome.FUNCTIONAL in verdict.reasons:
        want(["inflammation"], Urgency.SOON)
    if Outcome.CKD_EPO_DEFICIT in verdict.reasons:
        want(["kidney"], urgency_of(verdict, Outcome.CKD_EPO_DEFICIT))
    if verdict.outcome is Outcome.STORES_REPLETE_SYMPTOMATIC:
        want(["symptoms"], Urgency.ROUTINE)
    for names, urgency in _special(s, verdict, tests_left):
        want(names, urgency)
    return tuple(causes), most(urgencies)


def max_soon(urgency: Urgency) -> Urgency:
    """At least soon."""
    return most([urgency, Urgency.SOON])


def _special(s: Situation, verdict: Verdict, tests_left: bool) -> list[tuple[list[str], Urgency]]:
    """Work-ups that hang on one finding and not on an outcome; of the unexplained only when no test is
    left.
    """
    found: list[tuple[list[str], Urgency]] = []
    if verdict.has("ferritin-hard-stop", "tsat-hard-stop"):
        found.append((["overload"], Urgency.SOON))
    elif verdict.has("haemochromatosis-to-exclude", "liver-iron-to-measure"):
        found.append((["overload"], Urgency.ROUTINE))
    if s.valid and verdict.outcome is Outcome.INDETERMINATE and not s.child and not tests_left:
        names = ["base", *loss_causes(s)] if s.response in (Response.NONE, Response.WORSE) else ["base"]
        found.append((names, urgency_of(verdict, Outcome.INDETERMINATE)))
    if verdict.outcome is Outcome.INDETERMINATE and not s.child and held_back_unexplained(s):
        found.append((["other-anaemia"], urgency_of(verdict, Outcome.INDETERMINATE)))
    if "neurological-b12-unknown" in verdict.codes:
        found.append((["vitamin-deficiency"], Urgency.URGENT))
    if s.phosphate_moderate or other_product(s):
        found.append((["phosphate"], max_soon(urgency_of(verdict, Outcome.HYPOPHOSPHATAEMIA))))
    if "cause-gate" in verdict.codes:
        found.append((["base", *loss_causes(s)], Urgency.SOON))
    return found


def other_causes(verdict: Verdict) -> list[str]:
    """Lists for another cause: vitamins where those are low, else another anaemia; both where both."""
    codes = {f.code for f in verdict.findings if f.outcome is Outcome.OTHER_CAUSE}
    vitamins = codes & VITAMIN_CODES
    found = ["vitamin-deficiency"] if vitamins or "mcv-high" in codes else []
    unexplained = codes - VITAMIN_CODES - ({"mcv-high"} if vitamins else set())
    return [*found, "other-anaemia"] if unexplained else found


def loss_causes(s: Situation) -> list[str]:
    """Lists by recorded bleeding; the gut where nothing else is recorded."""
    found = [cause for condition, cause in BLEEDING_CAUSES.items() if s.has(condition)]
    if not found or not s.symptoms.isdisjoint(GUT_SYMPTOMS) or _gut_first(s):
        found.append("gi-bleeding")
    return list(dict.fromkeys(found))


def _gut_first(s: Situation) -> bool:
    """Men, and women from 50 years on, lose iron from the gut until shown otherwise."""
    years = s.age
    if s.patient.sex is Sex.MALE:
        return True
    return years is not None and years >= s.number["ages.endoscopy_first_line"]


def destinations(s: Situation, verdict: Verdict) -> tuple[tuple[str, Urgency], ...]:
    """Where to refer and how soon; each destination once, with its highest urgency."""
    wanted: dict[str, list[Urgency]] = {}

    def refer(to: str, urgency: Urgency) -> None:
        wanted.setdefault(to, []).append(urgency)

    if Outcome.ONGOING_LOSS in verdict.reasons:
        for to, urgency in _for_loss(s):
            refer(to, most([urgency, urgency_of(verdict, Outcome.ONGOING_LOSS)]))
    if Outcome.OTHER_CAUSE in verdict.reasons:
        refer("haematology", urgency_of(verdict, Outcome.OTHER_CAUSE))
    if Outcome.FUNCTIONAL in verdict.reasons and _is_certain(verdict, Outcome.FUNCTIONAL):
        refer(_for_functional(s), Urgency.SOON)
    if Outcome.CKD_EPO_DEFICIT in verdict.reasons:
        refer("nephrology", urgency_of(verdict, Outcome.CKD_EPO_DEFICIT))
    for to, urgency in _by_finding(s, verdict):
        refer(to, urgency)
    return tuple((to, most(urgencies)) for to, urgencies in wanted.items())


def _is_certain(verdict: Verdict, outcome: Outcome) -> bool:
    return any(f.outcome is outcome and f.certainty == "certain" for f in verdict.findings)


def _for_loss(s: Situation) -> list[tuple[str, Urgency]]:
    found: list[tuple[str, Urgency]] = []
    gut = s.has("gi-bleeding", "haemorrhoids") or not s.symptoms.isdisjoint(GUT_SYMPTOMS)
    if "heavy-menstrual-bleeding" in s.conditions:
        found.append(("gynaecology", Urgency.SOON))
    if s.has("epistaxis", "hereditary-haemorrhagic-telangiectasia"):
        found.append(("ent", Urgency.SOON))
    if "haematuria" in s.conditions:
        found.append(("urology", Urgency.URGENT))
    if gut or (not found and _gut_first(s)):
        found.append(("gastroenterology", Urgency.SOON))
    return found


def _for_functional(s: Situation) -> str:
    if s.has("ibd-active", "ibd-quiescent"):
        return "gastroenterology"
    return "nephrology" if s.kidney else "haematology"


REFERRED = MARROW_CODES | {
    "fit-positive",
    "heavy-menstrual-bleeding-at-age",
    "haematuria-at-age",
    "egfr-very-low",
    "late-pregnancy-anaemia",
    "every-product-blocked",
    "ferritin-hard-stop",
    "tsat-hard-stop",
}
"""Findings that bring a referral of their own."""


def _by_finding(s: Situation, verdict: Verdict) -> list[tuple[str, Urgency]]:
    """Referrals that hang on one finding."""
    found: list[tuple[str, Urgency]] = []
    if verdict.codes.isdisjoint(REFERRED) and not s.pregnant:
        return _for_phosphate(s)
    if verdict.has("fit-positive", "heavy-menstrual-bleeding-at-age"):
        found.append(("urgent-suspected-cancer", Urgency.URGENT))
    if "haematuria-at-age" in verdict.codes:
        found.append(("urology", Urgency.URGENT))
    if "egfr-very-low" in verdict.codes:
        found.append(("nephrology", Urgency.URGENT))
    if "late-pregnancy-anaemia" in verdict.codes:
        found.append(("obstetrics", Urgency.URGENT))
    elif s.pregnant and _obstetric(s, verdict):
        urgent = verdict.outcome is Outcome.URGENT
        found.append(("obstetrics", Urgency.URGENT if urgent else Urgency.SOON))
    if "every-product-blocked" in verdict.codes or _unexplained_stop(s, verdict):
        found.append(("haematology", Urgency.SOON))
    if not verdict.codes.isdisjoint(MARROW_CODES):
        found.append(("haematology", Urgency.URGENT if "haemolysis" in verdict.codes else Urgency.SOON))
    return found + _for_phosphate(s)


def _obstetric(s: Situation, verdict: Verdict) -> bool:
    """Whether a pregnant patient's answer is one her obstetrician must know."""
    reasons = (Outcome.URGENT, Outcome.SAFETY_STOP, Outcome.ONGOING_LOSS, Outcome.INADEQUATE_DOSE)
    return any(outcome in verdict.reasons for outcome in reasons) or (
        s.valid and verdict.outcome is Outcome.INDETERMINATE
    )


def _unexplained_stop(s: Situation, verdict: Verdict) -> bool:
    """Ferritin or saturation over the limit, and no illness recorded that explains it."""
    if not verdict.has("ferritin-hard-stop", "tsat-hard-stop") or s.kidney:
        return False
    inflamed = s.crp is not None and s.crp.at_least(s.number["inflammation.raised"]) is True
    liver = s.has("chronic-liver-disease", "decompensated-cirrhosis")
    explained = (
        inflamed or liver or s.has("ibd-active", "cancer", "autoimmune-inflammatory", "active-infection")
    )
    return not explained or "tsat-hard-stop" in verdict.codes


def _for_phosphate(s: Situation) -> list[tuple[str, Urgency]]:
    """Low for more than eight weeks, or low with bone pain or a fracture: endocrinology."""
    reading: Reading | None = s.phosphate
    if reading is None or not s.phosphate_low:
        return []
    if not s.symptoms.isdisjoint(BONE):
        return [("endocrinology", Urgency.URGENT)]
    return [("endocrinology", Urgency.SOON)] if long_low(s, reading) else []
