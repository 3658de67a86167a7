"""Random keys and clicks on every dialog and every panel by its name: no fault, nothing typed lost, promises kept.

`REPLETE_FUZZ=2000` strikes each so often; when nobody is left it could be asked about, the walk goes on in a new copy
of the clinic.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz_places import PLACES
from journey import Journey
from monkey_places import Place, PlaceMonkey

STRIKES = int(os.environ.get("REPLETE_FUZZ", "0"))
"""How often each; 0 leaves it to a few strikes, in one clinic for each person."""
FEW = 3
MOST_CLINICS = 400
ROUNDS = (
    [(place.login, (place,)) for place in PLACES]
    if STRIKES
    else [
        (login, tuple(place for place in PLACES if place.login == login))
        for login in dict.fromkeys(place.login for place in PLACES)
    ]
)


def walks(places: tuple[Place, ...]) -> str:
    """What a round is called."""
    return places[0].name.replace(" ", "-") if len(places) == 1 else f"{len(places)}-places"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize(
    ("login", "places"), ROUNDS, ids=lambda one: one if isinstance(one, str) else walks(one)
)
def test_no_key_and_no_click_breaks_a_dialog(
    demo_journey: Callable[[str], Journey], tmp_path: Path, login: str, places: tuple[Place, ...]
) -> None:
    """The seed of a place comes from its name, so that it is the same whatever else there is."""
    struck, before = dict.fromkeys(places, 0), -1
    for clinic in range(MOST_CLINICS if STRIKES else 1):
        journey = demo_journey(login)
        for prepare in dict.fromkeys(place.prepare for place in places):
            prepare(journey)
        for place in places:
            seed = zlib.crc32(place.name.encode()) + clinic
            monkey = PlaceMonkey(journey, seed, tmp_path, password=f"sample-{login}", whole=not clinic)
            struck[place] += monkey.strike(place, (STRIKES or FEW) - struck[place])
            assert not monkey.fault, f"{place.name}: {monkey.fault}"
            assert not monkey.losses, f"{place.name}: {monkey.losses[0]}"
        journey.holds()
        if min(struck.values()) >= STRIKES or sum(struck.values()) == before:
            break
        before = sum(struck.values())
    print({place.name: times for place, times in struck.items()}, "in", clinic + 1, "clinics")
    assert min(struck.values()) >= (STRIKES or 1), struck
