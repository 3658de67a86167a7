"""P1: red flags. Each is looked for in the newest believed value; a missing test never clears one."""

from __future__ import annotations

from decimal import Decimal

from clinical.outcome import Because, Outcome, Urgency
from clinical.readings import Reading
from clinical.rules.evidence import NOTHING, Hits, Why, fact, figure, hit, shown, two_unit_figure
from clinical.rules.signs import (
    ANY_CASE,
    B12,
    CELL_COUNTS,
    FIT,
    LATE_PREGNANCY,
    PHOSPHATE_NOT_NORMAL,
    REACTION,
    RED_SYMPTOM,
    TWO_HAEMOGLOBINS,
    Rule,
)
from clinical.situation import Situation
from clinical.two_units import b12_limit, phosphate_below, phosphate_limit

HEART = ("heart-failure", "cardiovascular-disease")

ALWAYS_URGENT = ("chest-pain", "syncope", "dyspnoea-at-rest", "confusion", "melaena", "haematemesis")
"""Symptoms that are urgent at any haemoglobin, known or not."""

EMERGENCY_SYMPTOMS = frozenset((*ALWAYS_URGENT, "tachycardia", "rectal-bleeding"))
"""Symptoms whose red flag is an emergency."""

LOW_PHOSPHATE_SYMPTOMS = (
    "weakness",
    "dyspnoea-at-rest",
    "confusion",
    "neurological",
    "syncope",
    "tachycardia",
)
BONE = ("bone-pain", "fracture")


def _flag(code: str, because: Why, source: str, emergency: bool = False) -> Hits:
    level = Urgency.EMERGENCY if emergency else Urgency.URGENT
    return hit(code, Outcome.URGENT, because, source=source, urgency=level)


def low_haemoglobin(s: Situation) -> Hits:
    """Under 70 g/L, or under 80 with heart or vessel disease or from 34 weeks of pregnancy."""
    limit = s.number["red_flags.haemoglobin"]
    hb = s.hb_under(limit)
    if hb is not None:
        return _flag(
            "haemoglobin-very-low",
            lambda: (figure(hb, "<", limit),),
            source=s.source["red_flags.haemoglobin"],
            emergency=True,
        )
    late = s.late_pregnancy
    if not late and s.conditions.isdisjoint(HEART):
        return NOTHING
    heart = s.number["red_flags.haemoglobin_heart"]
    hb = s.hb_under(heart)
    if hb is not None:
        why = "pregnancy" if late else next(c for c in HEART if s.has(c))
        return _flag(
            "haemoglobin-low-for-condition",
            lambda: (figure(hb, "<", heart), fact("condition", why)),
            source=s.source["red_flags.haemoglobin_heart"],
            emergency=True,
        )
    return NOTHING


def late_pregnancy(s: Situation) -> Hits:
    """Haemoglobin under 100 g/L from 34 weeks on."""
    limit = s.number["red_flags.haemoglobin_late_pregnancy"]
    hb = s.hb_under(limit)
    if hb is None:
        return NOTHING
    source = s.source["red_flags.haemoglobin_late_pregnancy"]
    return _flag("late-pregnancy-anaemia", lambda: (figure(hb, "<", limit),), source=source)


def symptoms(s: Situation) -> Hits:
    """Symptoms that are urgent at any or unknown haemoglobin."""
    found: Hits = NOTHING
    for symptom in ALWAYS_URGENT:
        if symptom in s.symptoms:
            found += _flag(
                "red-flag-symptom",
                shown(fact("symptom", symptom)),
                source="Red flags of the protocol",
                emergency=True,
            )
    return found


def tachycardia(s: Situation) -> Hits:
    """A fast heart with haemoglobin under 100 g/L or unknown."""
    if "tachycardia" not in s.symptoms:
        return NOTHING
    limit = s.number["red_flags.haemoglobin_tachycardia"]
    return _symptom_with_hb(s, "tachycardia", limit, s.source["red_flags.haemoglobin_tachycardia"])


def rectal_bleeding(s: Situation) -> Hits:
    """Rectal bleeding with haemoglobin under 80 g/L or unknown; with a big fall, `fall` fires beside it."""
    if "rectal-bleeding" not in s.symptoms:
        return NOTHING
    limit = s.number["red_flags.haemoglobin_rectal_bleeding"]
    found = _symptom_with_hb(s, "rectal-bleeding", limit, s.source["red_flags.haemoglobin_rectal_bleeding"])
    before = _higher_before(s, s.number["red_flags.fall"])
    if found or before is None:
        return found
    return _flag(
        "rectal-bleeding",
        lambda: (fact("symptom", "rectal-bleeding"), figure(s.newest_hb)),
        source=s.source["red_flags.fall"],
        emergency=True,
    )


def _symptom_with_hb(s: Situation, symptom: str, limit: Decimal, source: str) -> Hits:
    hb = s.newest_hb
    if hb is not None and hb.below(limit) is False:
        return NOTHING
    return _flag(
        symptom, lambda: (fact("symptom", symptom), figure(hb, "<", limit)), source=source, emergency=True
    )


def _higher_before(s: Situation, by: Decimal) -> Reading | None:
    """A haemoglobin of the 28 days before the newest that was higher by so much; the highest of them."""
    newest, days = s.newest_hb, s.readings.of("haemoglobin")
    if newest is None or len(days) == 1 or newest.comparator == ">":
        return None
    first = newest.collected - s.span["red_flags.fall_within_days"]
    if days[-2].collected < first:
        return None
    best: Reading | None = None
    for day in days:
        if first <= day.collected < newest.collected and day.dangerous.comparator != "<":
            before = day.usable or day.dangerous
            if before.value - newest.value >= by and (best is None or before.value >= best.value):
                best = before
    return best


def fall(s: Situation) -> Hits:
    """Haemoglobin fell by 20 g/L or more within 28 days, whether or not iron was given between."""
    before, newest = _higher_before(s, s.number["red_flags.fall"]), s.newest_hb
    if before is None or newest is None:
        return NOTHING
    return _flag(
        "haemoglobin-fell",
        shown(*_fall(before, newest, s.number["red_flags.fall"])),
        source=s.source["red_flags.fall"],
    )


def _fall(before: Reading, newest: Reading, limit: Decimal) -> tuple[Because | None, ...]:
    drop = fact("haemoglobin-fall", before.value - newest.value, "g/L", ">=", limit)
    return figure(newest), figure(before), drop


def fall_warning(s: Situation) -> Hits:
    """Haemoglobin fell by 10 to under 20 g/L within 28 days: not a red flag, but soon looked at again."""
    limit = s.number["red_flags.fall_warning"]
    before, newest = _higher_before(s, limit), s.newest_hb
    if before is None or newest is None or before.value - newest.value >= s.number["red_flags.fall"]:
        return NOTHING
    source = s.source["red_flags.fall_warning"]
    return hit(
        "haemoglobin-falling",
        None,
        shown(*_fall(before, newest, limit)),
        source=source,
        urgency=Urgency.URGENT,
    )


def phosphate(s: Situation) -> Hits:
    """Phosphate under 0.32 mmol/L, under 0.65 with weakness and the like, or low with bone pain or a
    fracture.
    """
    reading = _low_phosphate(s, "severe")
    if reading is not None:
        limit = phosphate_limit(reading, "severe", s.protocol)
        because = two_unit_figure(reading, limit, "<")
        return _flag("phosphate-very-low", shown(because), source=limit.source, emergency=True)
    for grade, found in (("moderate", LOW_PHOSPHATE_SYMPTOMS), ("mild", BONE)):
        if s.symptoms.isdisjoint(found):
            continue
        present = next(word for word in found if word in s.symptoms)
        reading = _low_phosphate(s, grade)
        if reading is not None:
            limit = phosphate_limit(reading, grade, s.protocol)
            because = two_unit_figure(reading, limit, "<")
            return _flag(
                "phosphate-low-with-symptom",
                shown(because, fact("symptom", present)),
                source=limit.source,
                emergency=found is LOW_PHOSPHATE_SYMPTOMS and "neurological" in s.symptoms,
            )
    return NOTHING


def _low_phosphate(s: Situation, grade: str) -> Reading | None:
    """The newest phosphate known to be under the limit of a grade, unless a newer one is known not to be."""
    for day in reversed(s.readings.of("phosphate")):
        below = phosphate_below(day.dangerous, grade, s.protocol)
        if below is not None:
            return day.dangerous if below else None
    return None


def bone_after_iron(s: Situation) -> Hits:
    """Bone pain or a fracture after two infusions of a product that lowers phosphate, phosphate low or
    unknown.
    """
    infusions, many = len(s.times.phosphate_iron), s.number["phosphate.many_infusions"]
    if s.symptoms.isdisjoint(BONE) or infusions < many:
        return NOTHING
    present = next(word for word in BONE if word in s.symptoms)
    if s.phosphate_low is False:
        return NOTHING
    count = fact("phosphate-lowering-infusions", Decimal(infusions), "infusion", ">=", many)
    return _flag(
        "bone-symptom-after-iron",
        shown(fact("symptom", present), count),
        source=s.source["phosphate.repeat_within_days"],
    )


def neurological(s: Situation) -> Hits:
    """Neurological symptoms with a low vitamin B12 (a low phosphate has its own rule)."""
    b12 = s.readings.newest("vitamin-b12")
    if b12 is None or "neurological" not in s.symptoms:
        return NOTHING
    limit = b12_limit(b12, s.protocol)
    if not limit.below:
        return NOTHING
    symptom = fact("symptom", "neurological")
    because = two_unit_figure(b12, limit, "<")
    return _flag("neurological-with-low-b12", shown(because, symptom), source=limit.source, emergency=True)


def neurological_unknown(s: Situation) -> Hits:
    """Neurological symptoms and no vitamin B12 of the last half year: not a red flag, but looked at soon."""
    if "neurological" not in s.symptoms or s.recent_vitamin("vitamin-b12") is not None:
        return NOTHING
    source = s.source["other_cause.vitamins_valid_days"]
    unknown = Because("vitamin-b12", None, "pmol/L")
    symptom = fact("symptom", "neurological")
    return hit(
        "neurological-b12-unknown", None, shown(unknown, symptom), source=source, urgency=Urgency.URGENT
    )


CELLS = (
    ("neutrophils", "red_flags.neutrophils", "<", "neutrophils-critical"),
    ("platelets", "red_flags.platelets_low", "<", "platelets-low-critical"),
    ("platelets", "red_flags.platelets_high", ">", "platelets-high-critical"),
)


def blood_cells(s: Situation) -> Hits:
    """Neutrophils under 1.0, platelets under 50 or over 1000, or all three cell lines low."""
    neutrophils, platelets = s.readings.newest("neutrophils"), s.readings.newest("platelets")
    found: Hits = NOTHING
    for analyte, name, test, code in CELLS:
        limit = s.number[name]
        reading = s.readings.telling(analyte, test, limit)
        if reading is not None:
            found += _flag(code, shown(figure(reading, test, limit)), source=s.source[name])
    if found or neutrophils is None or platelets is None:
        return found
    hb, few, thin = (
        s.newest_hb,
        s.number["other_cause.neutrophils_low"],
        s.number["other_cause.platelets_low"],
    )
    if hb is None or not (
        hb.below(s.cut_off.anaemic_below) and neutrophils.below(few) and platelets.below(thin)
    ):
        return NOTHING
    return _flag(
        "pancytopenia",
        lambda: (
            figure(hb, "<", s.cut_off.anaemic_below),
            figure(neutrophils, "<", few),
            figure(platelets, "<", thin),
        ),
        source=s.source["other_cause.neutrophils_low"],
    )


def reaction(s: Situation) -> Hits:
    """A reaction of grade 3 or 4 in the last week, whatever the dose; in the last two days an emergency."""
    grade, within = s.number["red_flags.reaction_grade"], s.number["red_flags.reaction_within_days"]
    severe = [
        (infusion.date, infusion.reaction_grade, course.product.value)
        for course in (*s.facts.previous_courses, *((s.course,) if s.course is not None else ()))
        for infusion in course.infusions
        if infusion.reaction_grade is not None and infusion.reaction_grade >= grade
        if 0 <= (s.as_of - infusion.date).days <= within
    ]
    if not severe:
        return NOTHING
    day, worst, product = max(severe)
    return _flag(
        "severe-reaction",
        shown(fact("reaction-grade", Decimal(worst), "grade", ">=", grade), fact("product", product)),
        source=s.source["red_flags.reaction_grade"],
        emergency=(s.as_of - day).days <= s.number["red_flags.reaction_emergency_days"],
    )


def faecal_blood(s: Situation) -> Hits:
    """A faecal immunochemical test of 10 ug/g or more: urgent suspected cancer pathway, not an emergency."""
    limit = s.number["red_flags.fit"]
    fit = s.readings.telling("fit", ">=", limit)
    if fit is None:
        return NOTHING
    return _flag("fit-positive", lambda: (figure(fit, ">=", limit),), source=s.source["red_flags.fit"])


RULES: tuple[tuple[int, Rule], ...] = (
    (ANY_CASE, low_haemoglobin),
    (LATE_PREGNANCY, late_pregnancy),
    (RED_SYMPTOM, symptoms),
    (RED_SYMPTOM, tachycardia),
    (RED_SYMPTOM, rectal_bleeding),
    (TWO_HAEMOGLOBINS, fall),
    (PHOSPHATE_NOT_NORMAL, phosphate),
    (RED_SYMPTOM, bone_after_iron),
    (RED_SYMPTOM | B12, neurological),
    (RED_SYMPTOM, neurological_unknown),
    (CELL_COUNTS, blood_cells),
    (REACTION, reaction),
    (FIT, faecal_blood),
    (TWO_HAEMOGLOBINS, fall_warning),
)
