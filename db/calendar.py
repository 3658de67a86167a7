"""Public holidays of the clinic's country, as plain days: the clinic is closed on them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


def public_holidays(country: str, region: str | None, first: date, last: date) -> frozenset[date]:
    """Public holidays from `first` to `last`, both included.

    `country` is an ISO 3166 code, `region` a subdivision of it. A country or region that is not known has no
    holidays here: the clinic's own list of closed days then stands alone.
    """
    found = _of_years(country, region, first.year, last.year)
    return frozenset(day for day in found if first <= day <= last)


@lru_cache(maxsize=32)
def _of_years(country: str, region: str | None, first_year: int, last_year: int) -> frozenset[date]:
    import holidays  # the list of the whole world is read only when a day has to be found

    years = range(first_year, last_year + 1)
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region, years=years))
    except NotImplementedError:
        return frozenset()
