"""The stories invented patients live through: every state a patient can be in, every reason of a poor response.

Days count from today; a story that ends in the past leaves the patient where such patients are today.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from db.sample.life import Life

FCM, FDI, SUCROSE = "ferric-carboxymaltose", "ferric-derisomaltose", "iron-sucrose"


@dataclass(frozen=True, slots=True)
class Story:
    """A course of events and the kind of person it happens to.

    `weight` is how common it is among the people a clinic has in hand. `settled` is how many of a hundred people live
    it in a clinic of long standing, where most were discharged long ago.
    """

    name: str
    tell: Callable[[Life], object]
    weight: int = 1
    sex: str | None = None
    ages: tuple[int, int] = (22, 78)
    conditions: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ("fatigue",)
    indication: str = "iron-deficiency-anaemia"
    pregnant_weeks: int | None = None
    kilograms: tuple[int, int] = (58, 74)
    settled: int = 0


def _n(life: Life, low: int, high: int) -> str:
    return str(life.rng.randint(low, high))


def _start(life: Life, last: int, product: str = FCM) -> Life:
    """Referral, plan, 1,000 mg and then 500 mg on day `last`, from an empty, anaemic baseline."""
    baseline = {
        "haemoglobin": _n(life, 84, 94),
        "ferritin": _n(life, 4, 11),
        "transferrin_saturation": _n(life, 5, 9),
        "crp": _n(life, 1, 3),
        "mcv": _n(life, 68, 76),
    }
    life.refer(last - 21, **baseline)
    life.plan(last - 18, product, "1500", (last - 7, "1000"), (last, "500"))
    return life.infuse(last - 7, "1000").infuse(last, "500")


def _one_dose(life: Life, last: int, mg: str, product: str = FCM) -> Life:
    """Referral, plan and a single infusion on day `last`."""
    life.refer(
        last - 12,
        haemoglobin=_n(life, 85, 92),
        ferritin=_n(life, 4, 9),
        transferrin_saturation=_n(life, 5, 9),
        crp="2",
        mcv=_n(life, 68, 75),
    )
    return life.plan(last - 9, product, "1450", (last, mg)).infuse(last, mg)


def _good(life: Life, day: int, hb: str | None = None) -> Life:
    """A complete response."""
    return life.labs(
        day,
        haemoglobin=hb or _n(life, 132, 141),
        ferritin=_n(life, 140, 210),
        transferrin_saturation=_n(life, 24, 32),
        crp=_n(life, 1, 3),
        phosphate="0.98",
    )


def _repeat_planned(life: Life) -> None:
    _one_dose(life, -50, "500")
    life.labs(-12, haemoglobin="101", ferritin="16", transferrin_saturation="11", crp="2", phosphate="1.02")
    life.decide(-10).plan(-8, FCM, "967", (3, "1000"))


def _second_course_loss(life: Life) -> None:
    _start(life, -240)
    _good(life, -204).decide(-202)
    life.labs(
        -20,
        haemoglobin="106",
        ferritin="12",
        transferrin_saturation="9",
        crp="2",
        mcv="73",
        phosphate="0.98",
    )
    life.decide(-17)


def _work_up(life: Life) -> None:
    _functional(life)
    life.decide(-1)


def _waiting(life: Life) -> None:
    _start(life, -44)
    life.labs(-8, haemoglobin="109", ferritin="46", transferrin_saturation="18", crp="2", phosphate="0.9")
    life.decide(-6, "defer", "on holiday, wants to talk it over first", until=8)


def _follow_up(life: Life) -> None:
    _start(life, -96)
    _good(life, -60).decide(-58)


def _corrected(life: Life) -> None:
    _start(life, -42)
    life.labs(-5, haemoglobin="109", ferritin="150", transferrin_saturation="24", crp="2", phosphate="0.95")
    life.correct(-2, "haemoglobin", "129")


def _safety_stop(life: Life) -> None:
    life.refer(-70, haemoglobin="101", ferritin="240", transferrin_saturation="15", crp="22")
    life.plan(-66, FCM, "1400", (-50, "1000"), (-43, "500")).infuse(-50, "1000").infuse(-43, "500")
    life.labs(-3, haemoglobin="104", ferritin="960", transferrin_saturation="34", crp="18", phosphate="1.0")


def _functional(life: Life) -> None:
    life.refer(-66, haemoglobin="92", ferritin="60", transferrin_saturation="9", crp="38", mcv="79")
    life.plan(-62, FCM, "1450", (-46, "1000"), (-39, "500")).infuse(-46, "1000").infuse(-39, "500")
    life.labs(
        -2,
        haemoglobin="95",
        ferritin="410",
        transferrin_saturation="12",
        crp="42",
        mcv="80",
        phosphate="0.9",
        vitamin_b12="310",
        folate="18",
    )


def _kidney(life: Life) -> None:
    life.refer(-66, haemoglobin="94", ferritin="40", transferrin_saturation="13", crp="2", egfr="26")
    life.plan(-62, FDI, "1410", (-46, "1000"), (-39, "500")).infuse(-46, "1000").infuse(-39, "500")
    life.labs(
        -2,
        haemoglobin="98",
        ferritin="330",
        transferrin_saturation="28",
        crp="2",
        egfr="25",
        mcv="89",
        vitamin_b12="300",
        folate="20",
        reticulocytes="0.6",
    )


def _b12(life: Life) -> None:
    _start(life, -40)
    life.labs(
        -2,
        haemoglobin="94",
        ferritin="180",
        transferrin_saturation="29",
        crp="2",
        mcv="106",
        vitamin_b12="95",
        folate="15",
        phosphate="0.9",
    )


def _lost(life: Life) -> None:
    _start(life, -100)
    life.contact(-50, "no-answer").contact(-40, "no-answer").contact(-20, "number-dead")


def _referred(life: Life) -> None:
    life.refer(-3, haemoglobin=_n(life, 86, 98), ferritin="9", transferrin_saturation="8", crp="2", mcv="74")


def _planned(life: Life) -> None:
    _referred_earlier(life, -9)
    life.plan(-6, FCM, "1500", (2, "1000"), (9, "500"))


def _referred_earlier(life: Life, day: int) -> None:
    life.refer(day, haemoglobin=_n(life, 85, 95), ferritin="8", transferrin_saturation="7", crp="1", mcv="72")


def _in_treatment(life: Life) -> None:
    _referred_earlier(life, -20)
    life.plan(-16, FDI, "1500", (-7, "1000"), (0, "500")).infuse(-7, "1000")


def _discharged(life: Life) -> None:
    _start(life, -430)
    _good(life, -394, "134").decide(-392)
    _good(life, -60, "136").decide(-57)
    _good(life, -20, "137").decide(-18)


def _well_since(life: Life, day: int) -> None:
    """Everything as it should be six weeks after the last dose, ten and twelve months later: discharged, and told."""
    for on, haemoglobin, ferritin in ((day, "143", "160"), (-60, "144", "165"), (-20, "145", "170")):
        values = {"haemoglobin": haemoglobin, "ferritin": ferritin, "crp": "2", "phosphate": "0.98"}
        life.labs(on, transferrin_saturation=_n(life, 26, 32), **values).decide(on + 2)
    life.post(-15)


def _discharged_twice(life: Life) -> None:
    """Too small a first course, then a second one."""
    _one_dose(life, -470, "500")
    life.labs(-434, haemoglobin="101", ferritin="16", transferrin_saturation="11", crp="2", phosphate="1.02")
    life.decide(-432).plan(-430, FCM, "967", (-427, "1000")).infuse(-427, "1000")
    _well_since(life, -391)


def _not_reached(life: Life) -> Life:
    """The whole ladder: two calls in vain, a letter, the referrer told."""
    life.contact(-52, "no-answer").contact(-45, "no-answer").contact(-40, "letter-sent", channel="letter")
    return life.contact(-20, "letter-sent", channel="referrer")


STORIES: tuple[Story, ...] = (
    Story("referred", _referred, 3),
    Story("planned", _planned, 3),
    Story("in treatment", _in_treatment, 2),
    Story("awaiting labs, window not open", lambda life: _start(life, -14), 4),
    Story("awaiting labs, in the window", lambda life: _start(life, -33), 4, settled=2),
    Story("reminder due", lambda life: _start(life, -47), 3),
    Story("overdue, no attempt yet", lambda life: _start(life, -59), 2),
    Story(
        "overdue, called",
        lambda life: _start(life, -66).contact(-8, "no-answer").contact(-2, "no-answer"),
        2,
    ),
    Story(
        "overdue, agreed", lambda life: _start(life, -78).contact(-15, "no-answer").contact(-3, "agreed"), 2
    ),
    Story("lost", _lost),
    Story(
        "too early",
        lambda life: _start(life, -12).labs(
            -2, haemoglobin="93", ferritin="640", transferrin_saturation="38"
        ),
    ),
    Story("responded", lambda life: _good(_start(life, -37), -1), 4, symptoms=(), settled=1),
    Story(
        "dose too small",
        lambda life: _one_dose(life, -38, "500").labs(
            -1, haemoglobin="101", ferritin="16", transferrin_saturation="11", crp="2", phosphate="1.00"
        ),
        3,
    ),
    Story(
        "phosphate unknown before a repeat",
        lambda life: _one_dose(life, -72, "1000").labs(
            -1, haemoglobin="104", ferritin="14", transferrin_saturation="10", crp="2"
        ),
    ),
    Story(
        "ongoing loss",
        lambda life: (
            _good(_start(life, -155), -119)
            .decide(-117)
            .labs(-1, haemoglobin="106", ferritin="12", transferrin_saturation="9", crp="2", mcv="73")
        ),
        2,
        "female",
        (24, 48),
        ("heavy-menstrual-bleeding",),
        indication="heavy-menstrual-bleeding",
    ),
    Story("inflammation", _functional, 2, conditions=("ibd-active",), indication="ibd"),
    Story("second cause: B12", _b12),
    Story(
        "kidney anaemia",
        _kidney,
        2,
        ages=(60, 82),
        conditions=("ckd-non-dialysis",),
        symptoms=(),
        indication="ckd",
    ),
    Story(
        "low phosphate, tired",
        lambda life: _start(life, -36).labs(
            -1, haemoglobin="132", ferritin="170", transferrin_saturation="26", crp="2", phosphate="0.55"
        ),
    ),
    Story("replete, still tired", lambda life: _good(_start(life, -37), -1, "135")),
    Story(
        "haemoglobin very low",
        lambda life: _start(life, -37).labs(
            0, haemoglobin="66", ferritin="9", transferrin_saturation="6", crp="2"
        ),
        symptoms=("weakness",),
    ),
    Story("ferritin too high for more", _safety_stop, conditions=("autoimmune-inflammatory",), symptoms=()),
    Story("haemoglobin alone", lambda life: _start(life, -37).labs(-1, haemoglobin="91")),
    Story("corrected result", _corrected),
    Story("repeat course planned", _repeat_planned, 2),
    Story(
        "loss: repeated and worked up",
        _second_course_loss,
        2,
        "female",
        (26, 47),
        ("heavy-menstrual-bleeding",),
        indication="heavy-menstrual-bleeding",
    ),
    Story("work-up open", _work_up, 2, conditions=("ibd-active",), indication="ibd"),
    Story("waiting", _waiting),
    Story("long-term follow-up", _follow_up, 4, symptoms=(), settled=5),
    Story("discharged", _discharged, 2, symptoms=()),
    Story("declined", lambda life: _start(life, -48).end(-3, "declined"), settled=3),
    Story(
        "did not attend", lambda life: _not_reached(_start(life, -110)).end(-9, "did-not-attend"), settled=2
    ),
    Story(
        "transferred",
        lambda life: _start(life, -30).end(-5, "transferred", "moved to another region"),
        settled=2,
    ),
    Story("deceased", lambda life: _start(life, -52).end(-11, "deceased"), ages=(66, 88), settled=3),
)

SETTLED_STORIES: tuple[Story, ...] = (
    *STORIES,
    Story("discharged long ago", lambda life: _well_since(_start(life, -430), -394), symptoms=(), settled=25),
    Story("discharged after a second course", _discharged_twice, symptoms=(), settled=48),
)
"""The stories of a clinic of long standing."""
