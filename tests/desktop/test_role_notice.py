"""What a role may not do is said at the top of each form, from the table the program enforces."""

from __future__ import annotations

import pytest

from db.operations.role_table import ROLES, TABLE
from desktop import theme
from desktop.role_notice import FORMS, RoleNotice, notice


@pytest.mark.parametrize("page_id", FORMS)
def test_every_form_is_of_an_operation_of_the_table(page_id: str) -> None:
    assert FORMS[page_id] in TABLE


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page_id", FORMS)
def test_it_is_said_exactly_to_those_who_may_not(page_id: str, role: str) -> None:
    assert bool(notice(page_id, role)) == (role not in TABLE[FORMS[page_id]].cells)


def test_the_line_names_who_may_and_the_way_in_an_emergency(themed: object) -> None:
    line = RoleNotice("manager")
    line.show_page("plan")
    assert line.words() == (
        "As manager you can read here. Saving is for: Coordinator, Clinician. In an emergency saving offers a way."
    )
    line.show_page("settings")
    assert line.words() == ""
    assert line.isHidden()


@pytest.mark.parametrize("role", ROLES)
def test_the_line_can_be_drawn_for_every_role(themed: object, role: str) -> None:
    line = RoleNotice(role)
    line.show_page("infusions")
    line.show()
    assert line.grab().toImage().pixelColor(2, 2) == theme.color("list")
    line.hide()
