"""What somebody with a screen reader does with Replete, over the bus screen readers use. For the system's Python.

`listener.py PASSWORD`: finds the running program, goes through three journeys by the names and roles that are spoken
alone, and prints a line of JSON for each: {"journey": …, "heard": […]} or {"journey": …, "fault": …}.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator

warnings.simplefilter("ignore")

import gi  # noqa: E402

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

PATIENCE_S = 60
WINDOWS = frozenset({"frame", "filler", "dialog", "window"})
MOST_CHILDREN = 30
"""Of a long list only what stands first is heard: the rest is read as somebody goes on."""


def children(node: Atspi.Accessible) -> Iterator[Atspi.Accessible]:
    """The children of a node that are there."""
    for place in range(min(node.get_child_count(), MOST_CHILDREN)):
        child = node.get_child_at_index(place)
        if child is not None:
            yield child


def below(node: Atspi.Accessible) -> Iterator[Atspi.Accessible]:
    """A node and all below it; what is not on the screen holds nothing that is."""
    yield node
    for child in children(node):
        try:
            if child.get_role_name() in WINDOWS or shown(child):
                yield from below(child)
        except gi.repository.GLib.Error:  # went meanwhile, as on every page that is filled anew
            continue


def shown(node: Atspi.Accessible) -> bool:
    """Whether it is on the screen."""
    return bool(node.get_state_set().contains(Atspi.StateType.SHOWING))


def program() -> Atspi.Accessible:
    """The running program."""

    def look() -> Atspi.Accessible | None:
        desktop = Atspi.get_desktop(0)
        return next((one for one in children(desktop) if one.get_name() == "Replete"), None)

    return wait(look, "the program")


def wait(look: Callable[[], Atspi.Accessible | None], what: str) -> Atspi.Accessible:
    """What is found, once it is there."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            found = look()
        except gi.repository.GLib.Error:
            found = None
        if found is not None:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what} was never heard")


def find(role: str, name: str) -> Atspi.Accessible:
    """What has this role and a name that begins so, on the screen."""

    def look() -> Atspi.Accessible | None:
        for node in below(program()):
            if node.get_role_name() == role and (node.get_name() or "").startswith(name) and shown(node):
                return node
        return None

    return wait(look, f"{role} {name!r}")


def press(role: str, name: str) -> None:
    """Press it, or choose it among several, as a screen reader does by the action of that name."""
    actions = find(role, name).get_action_iface()
    named = [actions.get_action_name(place) for place in range(actions.get_n_actions())]
    assert actions.do_action(named.index("Toggle" if role == "radio button" else "Press")), name


def heard() -> list[str]:
    """Every name that is on the screen now."""
    return [node.get_name() for node in below(program()) if shown(node) and node.get_name()]


def type_in(role: str, name: str, text: str) -> None:
    """Write into a field."""
    assert find(role, name).get_editable_text_iface().set_text_contents(text), name


def log_in(password: str) -> list[str]:
    """Log in by the names of the fields, and hear the first page."""
    type_in("text", "Name", "mina")
    type_in("password text", "Password", password)
    press("push button", "Open the clinic")
    rows = find("list", "Open next steps")
    first = wait(lambda: next(iter(children(rows)), None), "a row")
    return [rows.get_name(), first.get_name()]


def read_a_table() -> list[str]:
    """Go to the list of patients by its name in the rail and read the cells of the first row with their columns."""
    press(RAIL_ROLE, "Patients")
    table = find("table", "Patients")
    grid = table.get_table_iface()
    assert grid.get_n_rows() > 5, grid.get_n_rows()
    columns = [grid.get_column_header(place).get_name() for place in range(grid.get_n_columns())]
    cells = [grid.get_accessible_at(0, place).get_name() for place in range(grid.get_n_columns())]
    return [f"{column}: {cell}" for column, cell in zip(columns, cells, strict=True)]


def lock_and_unlock(password: str) -> list[str]:
    """Lock: nothing of a patient is left to be heard. The password brings everything back."""
    table = find("table", "Patients")
    name = table.get_table_iface().get_accessible_at(0, 0).get_name()
    press("push button", "Lock")
    field = find("password text", "Password")
    behind = heard()
    assert not any(name in one for one in behind), behind
    field.get_editable_text_iface().set_text_contents(password)
    press("push button", "Unlock")
    find("table", "Patients")
    return behind


RAIL_ROLE = "radio button"


def main() -> int:
    """The three journeys, one after the other."""
    password = sys.argv[1]
    failed = 0
    for journey, go in (
        ("log in", lambda: log_in(password)),
        ("read a table", read_a_table),
        ("lock and unlock", lambda: lock_and_unlock(password)),
    ):
        try:
            print(json.dumps({"journey": journey, "heard": go()}), flush=True)
        except Exception as error:
            print(json.dumps({"journey": journey, "fault": f"{type(error).__name__}: {error}"}), flush=True)
            failed = 1
            break
    return failed


if __name__ == "__main__":
    sys.exit(main())
