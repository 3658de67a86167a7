"""P7: iron went in and is lost again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from clinical.iron_balance import usable_ferritin
from clinical.outcome import Because, Outcome
from clinical.quick import quick
from clinical.readings import Reading
from clinical.rules.bleeding import bleeding_named
from clinical.rules.courses import courses_repeated
from clinical.rules.evidence import NOTHING, Hits, day_figure, fact, figure, hit
from clinical.rules.iron_lost import unexplained_iron
from clinical.rules.signs import POOR
from clinical.situation import Situation

LOSS = Outcome.ONGOING_LOSS


@quick
@dataclass(frozen=True, slots=True)
class Loss:
    """What the loss rules found. `certain_a` is set when the balance fires; `rate` in mg a month."""

    balance: Hits = NOTHING
    rate: Decimal | None = None
    relapse: Hits = NOTHING
    low_again: Hits = NOTHING
    courses: Hits = NOTHING
    bleeding: Hits = NOTHING
    falling: Hits = NOTHING
    late_low: Hits = NOTHING

    @property
    def hits(self) -> Hits:
        """All of them in the order of the criteria."""
        return (
            self.balance
            + self.relapse
            + self.low_again
            + self.courses
            + self.bleeding
            + self.falling
            + self.late_low
        )

    @property
    def speaks_against_response(self) -> bool:
        """A relapse of any kind: what looks like a response is none."""
        return bool(self.relapse or self.low_again or self.courses or self.falling or self.late_low)

    def outranks_dose(self, high_rate: Decimal) -> bool:
        """Whether loss and not a small dose is the first reason: repeated courses, or a fired high rate."""
        fired = any(h.primary for h in self.balance) and self.rate is not None and self.rate >= high_rate
        return fired or any(h.primary for h in self.courses)


def find_loss(s: Situation) -> Loss:
    """Every criterion of loss at a valid follow-up."""
    if not s.valid:
        return Loss()
    balance, rate = unexplained_iron(s)
    relapse = _relapse(s)
    return Loss(
        balance=balance,
        rate=rate,
        relapse=relapse,
        low_again=_low_again(s),
        courses=courses_repeated(s),
        bleeding=_bleeding(s),
        falling=NOTHING if relapse else _falling(s),
        late_low=NOTHING if relapse or balance else _low_late(s),
    )


def _fell_from_best(s: Situation) -> Decimal | None:
    """g/L under the best haemoglobin since the last infusion, when that is 10 or more."""
    fall = s.fall_from_best
    return fall if fall is not None and fall >= s.number["loss.relapse_hb_fall"] else None


def _relapse(s: Situation) -> Hits:
    """(b) From day 85: haemoglobin fell by 10 and ferritin by half to under 100. Without ferritin only
    possible.
    """
    fall = _fell_from_best(s)
    if fall is None or s.day is None or s.day < s.number["loss.relapse_from_day"]:
        return NOTHING
    source, best = s.source["loss.relapse_hb_fall"], s.best.ferritin
    low = s.number["loss.relapse_ferritin_below"]
    if s.ferritin is None or (best is None and s.ferritin.below(low)):
        return hit(
            "relapse-possible", LOSS, lambda: (figure(s.hb), _drop(s, fall)), source=source, possible=True
        )
    if best is None or not s.ferritin.below(low) or not _halved(s, best):
        return NOTHING
    return hit(
        "relapse",
        LOSS,
        lambda: (
            figure(s.hb),
            figure(s.best.haemoglobin, what="haemoglobin-best"),
            _drop(s, fall),
            figure(s.ferritin, "<", low),
            figure(best, what="ferritin-best"),
        ),
        source=source,
    )


def _drop(s: Situation, fall: Decimal) -> Because:
    return fact("haemoglobin-fall", fall, "g/L", ">=", s.number["loss.relapse_hb_fall"])


def _halved(s: Situation, best: Reading) -> bool:
    """Ferritin down by half or more from its best."""
    assert s.ferritin is not None
    now = usable_ferritin(s.ferritin, s.protocol)
    if now is None or best.comparator == "<":
        return False
    return (best.value - now) * 100 >= best.value * s.number["loss.relapse_ferritin_fall"]


def _falling(s: Situation) -> Hits:
    """Haemoglobin 10 or more under its best: not a response, and a loss until shown otherwise."""
    fall = _fell_from_best(s)
    if fall is None:
        return NOTHING
    source = s.source["loss.relapse_hb_fall"]
    return hit(
        "haemoglobin-below-best",
        LOSS,
        lambda: (figure(s.hb), figure(s.best.haemoglobin, what="haemoglobin-best"), _drop(s, fall)),
        source=source,
        primary=False,
    )


def _low_again(s: Situation) -> Hits:
    """(c) Ferritin under 30 from day 28 to 183 after enough iron. Off in pregnancy."""
    limit, day = s.number["loss.ferritin_low_again"], None
    if s.ferritin is not None and s.ferritin.below(limit):
        day = s.times.day(s.ferritin.collected)
    if day is None or s.pregnant_at_index or s.dose_was_enough is False:
        return NOTHING
    if not s.number["windows.valid_from_day"] <= day <= s.number["loss.low_again_to_day"]:
        return NOTHING
    return hit(
        "ferritin-low-again",
        LOSS,
        lambda: (
            figure(s.ferritin, "<", limit),
            day_figure(day, "<=", s.number["loss.low_again_to_day"]),
            _ratio(s),
        ),
        source=s.source["loss.ferritin_low_again"],
        primary=s.dose_was_enough is True,
    )


def _ratio(s: Situation) -> Because | None:
    ratio = s.dose.ratio
    return (
        None if ratio is None else fact("dose-ratio", ratio, "ratio", ">=", s.number["dose.ratio_adequate"])
    )


def _low_late(s: Situation) -> Hits:
    """Ferritin under 30 later than day 183 after enough iron: loss is likely and not proven."""
    limit = s.number["loss.ferritin_low_again"]
    if s.day is None or s.day <= s.number["loss.low_again_to_day"] or s.dose_was_enough is False:
        return NOTHING
    if s.ferritin is None or not s.ferritin.below(limit) or s.pregnant_at_index:
        return NOTHING
    source = s.source["loss.low_again_to_day"]
    return hit(
        "ferritin-low-late",
        LOSS,
        lambda: (figure(s.ferritin, "<", limit), _ratio(s)),
        source=source,
        primary=False,
    )


def _bleeding(s: Situation) -> Hits:
    """(e) Bleeding is recorded, the response is poor and ferritin is under target."""
    bleeding = bleeding_named(s)
    if bleeding is None or s.response not in POOR or not s.ferritin_below_target:
        return NOTHING
    return hit(
        "bleeding-recorded",
        LOSS,
        lambda: (fact("condition", bleeding), figure(s.ferritin, "<", s.targets.ferritin)),
        source=s.source["loss.ferritin_low_again"],
    )
