"""`replete sample PATH`: an invented clinic for trials and benchmarks, the same for the same seed and day.

Up to `LIVED` patients live through the operations, day by day. A larger clinic is these, copied as other people.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from clinical.cases import dumps
from clinical.protocol import Protocol
from db.sample import Names, Progress, SampleClinic, fill, multiplied
from desktop.cli.assess import protocol_from
from desktop.cli.opening import known_errors
from desktop.cli.options import a_day
from desktop.cli.status import Status, Stop
from resources import read_text

MOST_PATIENTS = 1_000_000
LIVED = 120
TELL_EVERY_S = 0.1
WORK_ENDS = timedelta(hours=17)
"""After so many hours (UTC) nothing more happens on an invented day."""
PASSWORD = "sample-{login}"  # noqa: S105  (everybody in a sample clinic is invented)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("sample", help="make a clinic of invented patients")
    parser.add_argument("path", type=Path, metavar="PATH", help="the database file to make; must not exist")
    parser.add_argument("--patients", type=_count, required=True, metavar="N", help="how many patients")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed, other patients")
    parser.add_argument("--on", type=a_day, metavar="DATE", help="the clinic as it is on this day")
    parser.add_argument("--json", action="store_true", help="print what was made as JSON and nothing else")
    parser.set_defaults(command=run)


def _count(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number <= MOST_PATIENTS:
        raise argparse.ArgumentTypeError(f"{text} is not a number of patients from 0 to {MOST_PATIENTS}")
    return number


def latest_day(now: datetime) -> date:
    """The last day whose invented events all lie before `now`: none may be dated later than the clock."""
    return min(now.date(), (now.astimezone(UTC) - WORK_ENDS).date())


def run(options: argparse.Namespace) -> Status:
    """Make the clinic and print its users, so that somebody can open it."""
    if options.path.exists():
        raise Stop(f"{options.path} exists already. Nothing was changed; choose another name.")
    today = options.on or latest_day(datetime.now().astimezone())
    made = make(
        options.path, options.patients, options.seed, today, protocol_from(options.protocol), _Counter()
    )
    users = [
        {"name": name, "login": login, "role": role, "password": PASSWORD.format(login=login)}
        for name, login, role in made.users
    ]
    counts = {"patients": options.patients, "events": made.events, **made.stories}
    if options.json:
        users = [{**user, "name": user["login"], "full_name": user["name"]} for user in users]
        sys.stdout.write(dumps({"database": str(options.path), "users": users, "counts": counts}) + "\n")
    else:
        print(f"{options.path}: {options.patients} invented patients, {made.events} events")
        for user in users:
            print(f"  {user['login']:<8} {user['password']:<18} {user['name']}, {user['role']}")
    return Status.DONE


def make(
    path: Path,
    patients: int,
    seed: int,
    today: date,
    protocol: Protocol,
    progress: Progress | None = None,
    lived: int = LIVED,
) -> SampleClinic:
    """An encrypted clinic file with invented patients, and its vault with one password a user.

    At most `lived` of them live through the operations; the rest are their copies.
    """
    from db import vault
    from db.opening import create_clinic_file, remove_clinic

    names = Names(**tomllib.loads(read_text("demo/names.toml")))
    login = next(person["login"] for person in names.staff if person["role"] == "administrator")
    with known_errors():
        database, _recovery_key = create_clinic_file(path, login, PASSWORD.format(login=login))
        try:
            if patients > lived:
                made = multiplied(database, names, patients, seed, today, protocol, progress, lived=lived)
            else:
                with database.write() as session:
                    made = fill(session, names, patients, seed, today, protocol, progress)
        except BaseException:
            # half a clinic is of no use to anybody, and would be in the way of the next try
            database.close()
            remove_clinic(path)
            raise
        database.close()
        key = vault.unlock(path, login, PASSWORD.format(login=login))
        for _, other, _ in made.users:
            if other != login:
                vault.add_user(path, key, other, PASSWORD.format(login=other))
    return made


class _Counter:
    """Progress on standard error: a line that counts, only where somebody can see it."""

    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, done: int, of: int) -> None:
        """Events played so far, or rows copied."""
        now = time.monotonic()
        if sys.stderr.isatty() and (now - self._told > TELL_EVERY_S or done == of):
            self._told = now
            end = "\n" if done == of else ""
            print(f"\r{done} of {of}", end=end, file=sys.stderr, flush=True)
