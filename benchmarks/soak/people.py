"""The patients of the simulated year: who they are, what their blood says, and whether they come when asked."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from db.operations import ClinicalPicture, NewReferral, NewResult, PatientDetails
from db.sample.life import UNITS

SURNAMES: Final = (
    "Abara", "Ash", "Baptiste", "Brook", "Carr", "Czerny", "Dale", "D'Souza", "Ely", "Fen", "Finch", "Gale", "Hadi",
    "Holm", "Ito", "Jansen", "Kemp", "Kowal", "Lund", "Marsh", "Mbeki", "Moss", "Nash", "Novak", "O'Brien", "Orr",
    "Pell", "Quist", "Rana", "Reed", "Rossi", "Sato", "Shaw", "Stone", "Tarr", "Ueda", "Vance", "Vega", "Wells",
    "West-Hill", "Xu", "Yates", "Young", "Zeller",
)  # fmt: skip
GIVEN: Final = (
    "Ada", "Ben", "Cleo", "Dev", "Edie", "Femi", "Greta", "Hugo", "Ines", "Jun", "Kofi", "Lena", "Mona", "Nils", "Olga",
    "Piet", "Rosa", "Sami", "Tess", "Uma", "Viktor", "Wanda", "Yara", "Zoe",
)  # fmt: skip
STORIES: Final = {
    "well": 62,
    "too-little": 12,
    "bleeding": 10,
    "inflamed": 8,
    "b12": 4,
    "phosphate": 3,
    "grave": 1,
}
"""How blood answers to iron, and how common that is in a hundred."""
NEVER, LATE, INCOMPLETE = 0.03, 0.15, 0.12
"""Shares: of people who never have their blood taken, of those who have to be called first, of panels in two parts."""


@dataclass
class Person:
    """One invented patient. Days and ids are filled in as the year goes on."""

    number: int
    story: str
    chance: random.Random
    habit: str
    """Has blood taken in time, late, or never."""
    patient_id: int = 0
    course_id: int = 0
    last_iron: date | None = None
    blood_on: date | None = None
    """The day blood is going to be taken."""
    arriving: list[tuple[date, tuple[NewResult, ...]]] = field(default_factory=list)
    """Results on their way, by the day they are typed in."""
    gone: bool = False
    transfused: bool = False
    """Was sent to hospital for a haemoglobin that could not wait, and given blood there."""

    @classmethod
    def invented(cls, number: int, seed: int) -> Person:
        """The person of a number, always the same for the same seed."""
        chance = random.Random(f"{seed}-{number}")
        story = chance.choices(tuple(STORIES), tuple(STORIES.values()))[0]
        lot = chance.random()
        habit = "never" if lot < NEVER else "late" if lot < NEVER + LATE else "in-time"
        return cls(number, story, chance, habit)

    def referral(self, today: date, owner: int) -> NewReferral:
        """Their referral, with the baseline of the day before."""
        c = self.chance
        details = PatientDetails(
            surname=c.choice(SURNAMES),
            given=c.choice(GIVEN),
            birth_date=date(c.randint(1940, 2004), c.randint(1, 12), c.randint(1, 28)),
            sex=c.choice(("female", "female", "male")),
            identifiers=(("hospital-number", f"Y {self.number:05d}"),),
            phone=f"07700 900 {self.number % 1000:03d}",
            address_lines=(f"{self.number} Mill Lane", "Ely"),
        )
        picture = ClinicalPicture(Decimal(c.randint(55, 95)), Decimal(c.randint(155, 185)))
        return NewReferral(
            details,
            picture,
            today,
            owner,
            "iron-deficiency-anaemia",
            results=self._results(today - timedelta(days=1), self._baseline()),
        )

    def blood(self, on: date, infusions: int) -> tuple[NewResult, ...]:
        """What the laboratory finds in a sample of this day after so many infusions."""
        return self._results(on, self._answer(on) if infusions else self._baseline())

    def _baseline(self) -> dict[str, str]:
        c = self.chance
        low = (64, 69) if self.story == "grave" and not self.transfused else (82, 104)
        found = {"haemoglobin": c.randint(*low), "ferritin": c.randint(4, 12), "crp": c.randint(1, 3)}
        if self.story == "inflamed":
            found |= {"ferritin": c.randint(40, 90), "crp": c.randint(20, 45)}
        found |= {"transferrin-saturation": c.randint(5, 10), "mcv": c.randint(68, 78)}
        return {name: str(value) for name, value in found.items()}

    def _answer(self, on: date) -> dict[str, str]:
        """Values some weeks after the iron; whoever bleeds falls back with the months."""
        c = self.chance
        weeks = (on - self.last_iron).days // 7 if self.last_iron else 6
        values = {
            "haemoglobin": c.randint(128, 142),
            "ferritin": c.randint(120, 220),
            "transferrin-saturation": c.randint(22, 34),
            "crp": c.randint(1, 4),
            "mcv": c.randint(80, 92),
        }
        if self.story == "too-little":
            values |= {"haemoglobin": c.randint(104, 114), "ferritin": c.randint(16, 45)}
            values |= {"transferrin-saturation": c.randint(11, 18)}
        elif self.story == "bleeding" and (weeks > 9 or c.random() < 0.5):
            values |= {
                "haemoglobin": c.randint(92, 108),
                "ferritin": c.randint(6, 20),
                "mcv": c.randint(70, 78),
            }
            values |= {"transferrin-saturation": c.randint(6, 12)}
        elif self.story == "inflamed":
            values |= {
                "haemoglobin": c.randint(94, 104),
                "ferritin": c.randint(300, 480),
                "crp": c.randint(20, 50),
            }
            values |= {"transferrin-saturation": c.randint(10, 16)}
        elif self.story == "b12":
            values |= {
                "haemoglobin": c.randint(94, 106),
                "mcv": c.randint(102, 112),
                "vitamin-b12": 95,
                "folate": 15,
            }
        found = {name: str(value) for name, value in values.items()}
        low = self.story == "phosphate" and weeks < 14
        return found | {"phosphate": f"0.{c.randint(45, 60) if low else c.randint(85, 99)}"}

    def _results(self, on: date, values: dict[str, str]) -> tuple[NewResult, ...]:
        laboratory = "Northgate Pathology"
        return tuple(
            NewResult(on, name, Decimal(value), UNITS[name], laboratory=laboratory)
            for name, value in values.items()
        )
