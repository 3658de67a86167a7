"""The larger parts of a page with what a real clinic shows in them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.action_bar import ActionBar, BulkBar
from desktop.widgets.adaptive_row import AdaptiveRow
from desktop.widgets.banner import BannerFacts, PatientBanner
from desktop.widgets.buttons import KeyButton
from desktop.widgets.chips import FilterRow
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField
from desktop.widgets.findings import FindingRow, FindingTable
from desktop.widgets.gates import GateLine
from desktop.widgets.iron_ledger import IronLedger, LedgerFigures
from desktop.widgets.labels import block_heading, heading, sentence
from desktop.widgets.ladder import Ladder, Rung
from desktop.widgets.marks import Status
from desktop.widgets.method_card import MethodCard
from desktop.widgets.next_steps import NextStepLine
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.widgets.row_list import ListRow, RowGroup, RowList
from desktop.widgets.surface import Scroll, Surface
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.widgets.tallies import TallyFoot

TODAY = date(2026, 2, 12)


OWNERS = [(1, "M. Okafor"), (2, "Dr D. Rao"), (3, "T. Nowak")]


def list_part() -> Surface:
    """Rows under group heads with the tallies below."""
    side = Surface("list")
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    chips = FilterRow()
    chips.set_filters([("all", "All", 23, None), ("mine", "Mine", 9, None), ("co", "Coordinators", 14, None)])
    chips.set_hidden(0)
    head = QWidget()
    row = QVBoxLayout(head)
    row.setContentsMargins(theme.px(22), theme.px(14), theme.px(26), theme.px(6))
    row.setSpacing(theme.px(10))
    row.addWidget(heading("Today"))
    row.addWidget(chips)
    rows = RowList("Next steps", can_mark=True)
    rows.set_groups(
        [
            RowGroup(
                "Urgent",
                (
                    ListRow(1, Status.URGENT, "Haddad, Samir", "58 M", "today, same day", True,
                            "Call patient: haemoglobin 66 g/L", "discuss transfusion", "DR"),
                ),
            ),
            RowGroup(
                "Overdue",
                (
                    ListRow(2, Status.OVERDUE, "Lindqvist, Karin", "71 F", "12 days late", True,
                            "Chase repeat bloods", "no answer twice; next call due", "MO"),
                    ListRow(3, Status.OVERDUE, "Delgado, Pilar", "39 F", "5 days late", True,
                            "Phosphate before next infusion", "0.55 mmol/L, tired and very weak for weeks", "TN"),
                ),
            ),
            RowGroup(
                "Due today",
                (
                    ListRow(4, Status.DUE, "Whitfield, Clare", "44 F", "today", False,
                            "Repeat infusion, 1,000 mg", "dose was too small", "MO"),
                    ListRow(5, Status.PLANNED, "Tanaka-Wolfeschlegelstein, Yui Alexandra", "48 F", "Mon 16 Feb", False,
                            "Ask for B12 and folate", "stores full, still 104 g/L", "DR"),
                ),
            ),
        ]
    )  # fmt: skip
    rows.select(4)
    rows.set_marked(frozenset({2}))
    tallies = TallyFoot()
    tallies.set_tallies(
        [
            (0, "without a next step"),
            (0, "results nobody owns"),
            (1, "unmatched result"),
            (0, "letters perhaps not printed"),
        ]
    )
    column.addWidget(head)
    column.addWidget(rows, 1)
    column.addWidget(tallies)
    return side


def explain_part() -> Surface:
    """The parts of an explain card on their page."""
    side = Surface("page")
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    banner = PatientBanner()
    banner.set(
        BannerFacts(
            "Whitfield", "Clare",
            (("Allergies: none known", None), ("NO FCM: low phosphate", Status.NOTE), ("Heavy periods", None)),
            ("Born 10 Jun 1981 (44)", "female", "R-004182", "65 kg", "07700 900 142", "last call 10 Feb, agreed"),
        )
    )  # fmt: skip
    banner.add_action(KeyButton("Open", "quiet", "Enter"))
    page = Scroll()
    page.content.addWidget(sentence("Only a third of the iron she needed was given."))
    findings = FindingTable()
    findings.set_rows(
        [
            FindingRow(
                Status.SPEAKS,
                "Given was 34 % of the need",
                "500 of 1,467 mg",
                "",
                "below 80 %",
                "5 Jan",
                "Ganzoni, 65 kg",
            ),
            FindingRow(
                Status.SPEAKS,
                "Stores are still empty",
                "16 µg/L",
                "↑ 10",
                "ferritin below 50",
                "11 Feb",
                "general target",
            ),
            FindingRow(
                Status.DONE,
                "Inflammation does not hide it",
                "2 mg/L",
                "",
                "CRP below 5",
                "11 Feb",
                "same sample",
            ),
        ]
    )
    ledger = IronLedger()
    figures = LedgerFigures(*(Decimal(mg) for mg in (1467, 500, 203, 47, 250, 967)))
    ledger.set(
        figures,
        "Needed by Ganzoni: 65 kg × (150 − 88 g/L) × 0.24 + 500 mg. In stores: 10 × 4.7.",
        "within noise until day 120",
    )
    first = NextStepLine(
        Status.DUE,
        "Repeat infusion, ferric CARBOXYMALTOSE 1,000 mg",
        "one visit",
        date(2026, 2, 26),
        1,
        OWNERS,
        today=lambda: TODAY,
        first=True,
    )
    second = NextStepLine(
        Status.PLANNED,
        "Ask for B12 and folate",
        "with the next sample",
        date(2026, 2, 19),
        1,
        OWNERS,
        today=lambda: TODAY,
    )
    for widget in (findings, ledger, block_heading("Proposed next steps"), first, second):
        page.content.addWidget(widget)
    page.content.addStretch(1)
    bar = ActionBar()
    bar.add(KeyButton("Accept 2 steps", "primary", "Ctrl ↵", height=34))
    bar.add(KeyButton("Choose another", "soft", "O", height=34))
    bar.add(KeyButton("Defer", "soft", "D", height=34))
    bar.add(KeyButton("Not clinically appropriate", "quiet", "X", height=34))
    bar.add(KeyButton("Log a call", "quiet", "C", "call", height=34), right=True)
    for widget in (banner, page, bar):
        column.addWidget(widget)
    return side


def plan_part() -> Surface:
    """Method cards, gates, ladder, table, fields with a question and a problem."""
    side = Surface("page")
    grid = QGridLayout(side)
    grid.setContentsMargins(*[theme.px(24)] * 4)
    grid.setSpacing(theme.px(16))
    cards = AdaptiveRow()
    for place, card in enumerate(
        [
            MethodCard(
                "Label table",
                "1",
                "2,000",
                "mg",
                ("Hb below 100 g/L, 70 kg or more", "EU table"),
                "chosen, follows the label",
                Status.DONE,
            ),
            MethodCard(
                "Ganzoni",
                "2",
                "1,720",
                "mg",
                ("82 kg × (150 − 88 g/L) × 0.24 + 500 mg", "actual weight, BMI 25.3"),
                "280 mg less than the table",
            ),
            MethodCard(
                "Fixed",
                "3",
                "1,000",
                "mg",
                ("allowed at 50 kg and above", "then reassess at week 4 to 6"),
                "half of the label table",
                Status.NOTE,
            ),
        ]
    ):
        card.setChecked(place == 0)
        cards.add(card, 1)
    grid.addWidget(cards, 0, 0, 1, 2)
    gates = QVBoxLayout()
    gates.setSpacing(0)
    asthma = GateLine(Status.URGENT, "Asthma: severe?", "Answer before booking", "label")
    asthma.add_answer("No", "N")
    asthma.add_answer("Yes, see advice", "Y")
    for gate in (
        asthma,
        GateLine(Status.DONE, "Ferritin and TSAT below stop limits", "9 µg/L and 8 %", "rule 5.6"),
        GateLine(Status.NOTE, "MRI within 3 months?", "Not asked yet, does not block", "rule 1.7"),
    ):
        gates.addWidget(gate)
    gates.addStretch(1)
    grid.addLayout(gates, 1, 0)
    ladder = Ladder()
    ladder.set(
        [
            Rung(Status.DONE, "Reminder letter", "day 43, printed 7 Jan"),
            Rung(Status.DONE, "First call", "day 50, no answer, 14 Jan"),
            Rung(Status.OVERDUE, "Second and third call", "no answer twice, third was due 31 Jan"),
            Rung(Status.PLANNED, "Write to the referrer", "day 85, Wed 18 Feb"),
        ]
    )
    grid.addWidget(ladder, 1, 1)
    table = table_part()
    table.setMinimumHeight(theme.px(150))
    grid.addWidget(table, 2, 0, 1, 2)
    strange = QuantityEdit([("g/L", "g/L"), ("g/dL", "g/dL")], "g/L")
    strange.set_value(Decimal("980"), "g/L")
    strange.ask("980 g/L cannot be. Did you mean 98 g/L?", Decimal(98), "g/L")
    born = DateEdit(today=lambda: TODAY, birth=True)
    born.setText("31/2/81")
    wrong = FormField("Date of birth", born)
    wrong.set_problem(born.problem())
    grid.addWidget(FormField("Haemoglobin", strange), 3, 0)
    grid.addWidget(wrong, 3, 1)
    bulk = BulkBar()
    bulk.add(KeyButton("Print second reminder", "bulk", "P"))
    bulk.add(KeyButton("Change owner", "bulk", "O"))
    bulk.set_count(4)
    grid.addWidget(bulk, 4, 0, 1, 2)
    grid.setRowStretch(2, 1)
    return side


def table_part() -> DataTable:
    columns = [
        Column("patient", "Patient", weight=600),
        Column("days", "Days", "right", weight=600),
        Column("contact", "Last contact", tone="text2"),
        Column("step", "Step", tone="text2"),
        Column("next", "Next step", weight=500, stretch=True),
        Column("due", "Due", tone="text2"),
    ]
    table = DataTable("Overdue bloods", columns, checkable=True, row_height=34)
    table.set_rows(
        [
            Row(1, (Cell("Castellano, Bruno", mark=Status.URGENT), Cell("103", sort=103), Cell("number dead, 3 Feb"),
                    Cell("4/5", bars=(4, 5)), Cell("Write to the referrer"), Cell("today"))),
            Row(2, (Cell("Lindqvist, Karin", mark=Status.OVERDUE), Cell("79", sort=79), Cell("no answer ×2, 10 Feb"),
                    Cell("3/5", bars=(3, 5)), Cell("Call, third attempt"),
                    Cell("12 days late", weight=600, tone="overdue_word", spoken="due 12 days ago"))),
            Row(3, (Cell("Ismail, Noor", mark=Status.DUE), Cell("52", sort=52), Cell("letter 1, 4 Feb"),
                    Cell("1/5", bars=(1, 5)), Cell("Call, first attempt"), Cell("Tue 17 Feb"))),
        ]
    )  # fmt: skip
    table.set_checked(frozenset({1}))
    table.select(2)
    return table
