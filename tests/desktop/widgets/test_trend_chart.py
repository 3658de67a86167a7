"""The trend chart: its axes, its reading by keys and mouse, its names, and what ends up as pixels."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import theme
from desktop.widgets.trend_chart import (
    ChartFacts,
    ChartTableModel,
    CourseSpan,
    InfusionMark,
    Target,
    Trend,
    TrendChart,
    TrendLegend,
    TrendPoint,
    paint,
    window_style,
)
from desktop.widgets.trend_chart.layout import layout
from desktop.widgets.trend_chart.model import nearest_day, time_axis, value_axis
from desktop.wording import long_date, plain_date

D = Decimal
TODAY = date(2026, 2, 12)


def point(day: str, value: str, superseded: bool = False, comparator: str | None = None) -> TrendPoint:
    return TrendPoint(date.fromisoformat(day), D(value), comparator, superseded)


def trend(analyte: str, *points: TrendPoint, low: str | None = None, log: bool = False) -> Trend:
    target = Target(D(low)) if low else None
    return Trend(
        analyte, analyte.capitalize(), "unit", points, target, log, 2 if analyte == "phosphate" else 0
    )


FACTS = ChartFacts(
    TODAY,
    (
        trend(
            "haemoglobin", point("2025-07-28", "88"), point("2025-09-23", "128"),
            point("2025-11-18", "109", True), point("2025-11-18", "119"), point("2026-02-11", "106"),
            low="120",
        ),
        trend(
            "ferritin", point("2025-07-28", "5", comparator="<"), point("2025-09-23", "150"),
            low="50", log=True,
        ),
        trend("transferrin-saturation", point("2025-09-23", "25"), low="20"),
        trend("phosphate", point("2025-09-23", "0.71"), low="0.8"),
    ),
    (
        CourseSpan(
            "Course 1, Ferinject 1,000 + 500 mg",
            (InfusionMark(date(2025, 8, 5), D(1000)), InfusionMark(date(2025, 8, 12), D(500))),
            None, date(2025, 9, 9), date(2025, 9, 23),
        ),
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> None:
    theme.apply(qapp, "light", 1.0)


@pytest.fixture
def chart(qtbot: QtBot) -> TrendChart:
    made = TrendChart()
    qtbot.addWidget(made)
    made.resize(860, 460)
    made.set_facts(FACTS)
    made.show()
    made.setFocus()
    return made


def picture(facts: ChartFacts, reading: date | None = None, size: tuple[int, int] = (860, 460)) -> QImage:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(theme.color("page"))
    painter = QPainter(image)
    paint(painter, QRectF(0, 0, *size), facts, window_style(), reading)
    painter.end()
    return image


def near(image: QImage, x: float, y: float, colour: QColor) -> bool:
    """Whether the colour appears within two pixels of a place."""
    return any(
        image.pixelColor(QPoint(round(x) + dx, round(y) + dy)) == colour
        for dx in range(-2, 3)
        for dy in range(-2, 3)
    )


def test_left_and_right_read_the_days_that_have_values(chart: TrendChart, qtbot: QtBot) -> None:
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.reading() == date(2026, 2, 11)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.reading() == date(2025, 11, 18)
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert chart.reading() == date(2025, 7, 28)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.reading() == date(2025, 7, 28), "the first day is the end"
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.reading() == date(2025, 9, 23)
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.reading() == date(2026, 2, 11)
    with qtbot.waitSignal(chart.reading_changed) as heard:
        qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert heard.args == [None]


def test_a_reading_says_every_value_its_day_and_what_is_outside_target(chart: TrendChart) -> None:
    chart.read(date(2025, 9, 23))
    said = chart.accessibleDescription()
    assert f"{long_date(date(2025, 9, 23))}, day 42" in said
    assert "Haemoglobin 128 unit" in said
    assert "Phosphate 0.71 unit, outside target" in said
    chart.read(date(2025, 11, 18))
    assert "Haemoglobin 109 unit, superseded" in chart.accessibleDescription()
    assert "Haemoglobin 119 unit, outside target" in chart.accessibleDescription()


def test_the_name_is_a_sentence_about_every_trend(chart: TrendChart) -> None:
    name = chart.accessibleName()
    assert "Haemoglobin 106 unit on 11 Feb 2026 from 88 on 28 Jul 2025, outside target" in name
    assert f"Ferritin 150 unit on {plain_date(date(2025, 9, 23))} from < 5" in name
    chart.set_facts(ChartFacts(TODAY, (trend("haemoglobin"),)))
    assert "no results yet" in chart.accessibleName()


def test_the_mouse_reads_the_nearest_day_and_leaving_ends_it(chart: TrendChart, qtbot: QtBot) -> None:
    frame = layout(chart._area(), FACTS, theme.scale())
    x = frame.x(date(2025, 9, 20))
    qtbot.mouseMove(chart, QPoint(round(x), 200))
    assert chart.reading() == date(2025, 9, 23)
    qtbot.mouseMove(chart, QPoint(20, 200))
    assert chart.reading() is None


def test_new_facts_keep_a_reading_whose_day_is_still_there(chart: TrendChart) -> None:
    chart.read(date(2025, 9, 23))
    chart.set_facts(FACTS)
    assert chart.reading() == date(2025, 9, 23)
    chart.set_facts(ChartFacts(TODAY, FACTS.trends[3:]))
    assert chart.reading() == date(2025, 9, 23)
    chart.set_facts(ChartFacts(TODAY, (trend("haemoglobin", point("2026-01-01", "100")),)))
    assert chart.reading() is None


def test_keys_that_are_not_the_charts_stay_with_the_page(chart: TrendChart, qtbot: QtBot) -> None:
    chart.read(date(2025, 9, 23))
    qtbot.keyClick(chart, Qt.Key.Key_N)
    qtbot.keyClick(chart, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert chart.reading() == date(2025, 9, 23)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dots_are_filled_in_target_and_hollow_outside(qapp: QApplication, scheme: theme.Scheme) -> None:
    theme.apply(qapp, scheme, 1.0)
    image = picture(FACTS)
    frame = layout(QRectF(0, 0, 860, 460), FACTS, 1.0)
    panel, ink, page = frame.panels[0], theme.color("chart_hb"), theme.color("page")
    standing = panel.trend.standing
    inside, outside = frame.point(panel, standing[1]), frame.point(panel, standing[3])
    assert image.pixelColor(inside.toPoint()) == ink
    assert image.pixelColor(outside.toPoint()) == page


def test_infusions_window_and_floor_are_drawn_where_they_belong() -> None:
    image = picture(FACTS)
    frame = layout(QRectF(0, 0, 860, 460), FACTS, 1.0)
    x = round(frame.x(date(2025, 8, 5)))
    heights = [y for y in range(30, 380) if any(image.pixelColor(x + dx, y).red() < 120 for dx in (-1, 0, 1))]
    assert 100 < len(heights) < 320, "a dashed line down all panels"
    assert max(heights) - min(heights) > 300
    panel = frame.panels[1].rect
    middle = frame.x(date(2025, 9, 16))
    assert image.pixelColor(round(middle), round(panel.bottom()) - 3) == theme.color("lab_window")
    band = image.pixelColor(round(frame.x(date(2025, 10, 30))), round(panel.top()) + 2)
    assert band == theme.color("target_band")
    over = image.pixelColor(round(middle), round(panel.top()) + 2)
    assert over.lightness() < min(band.lightness(), theme.color("lab_window").lightness())


def test_the_reading_shows_pills_and_a_date_on_the_axis() -> None:
    plain, read = picture(FACTS), picture(FACTS, date(2025, 9, 23))
    frame = layout(QRectF(0, 0, 860, 460), FACTS, 1.0)
    x = frame.x(date(2025, 9, 23))
    y = frame.axis.top() + 4
    assert near(read, x, y, theme.color("text"))
    assert not near(plain, x, y, theme.color("text"))
    for panel in frame.panels:
        centre = frame.point(panel, panel.trend.on(date(2025, 9, 23)))  # type: ignore[arg-type]
        assert near(read, centre.x() + 24, centre.y(), theme.color("page"))


def test_a_superseded_value_is_struck_and_not_part_of_the_line() -> None:
    panel = layout(QRectF(0, 0, 860, 460), FACTS, 1.0).panels[0]
    assert [p.value for p in panel.trend.standing] == [88, 128, 119, 106]
    without = ChartFacts(
        TODAY,
        (
            Trend("haemoglobin", "Haemoglobin", "unit", panel.trend.standing, Target(D(120))),
            *FACTS.trends[1:],
        ),
        FACTS.courses,
    )
    frame = layout(QRectF(0, 0, 860, 460), FACTS, 1.0)
    centre = frame.point(panel, panel.trend.points[2])
    assert near(picture(FACTS), centre.x() - 5, centre.y(), theme.color("text3"))
    assert not near(picture(without), centre.x() - 5, centre.y(), theme.color("text3"))


def test_it_is_painted_on_paper_with_the_same_code(tmp_path: Path) -> None:
    path = tmp_path / "chart.pdf"
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setResolution(96)
    painter = QPainter(writer)
    paint(painter, QRectF(0, 0, 680, 420), FACTS, window_style())
    painter.end()
    document = QPdfDocument()
    assert document.load(str(path)) == QPdfDocument.Error.None_
    text = document.getAllText(0).text()
    assert "Haemoglobin" in text
    assert "weeks" in text
    document.close()


def test_an_empty_chart_says_what_would_appear(qtbot: QtBot) -> None:
    made = TrendChart()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.set_facts(ChartFacts(TODAY))
    made.show()
    image = made.grab().toImage()
    assert near(image, 300, 60, theme.color("panel"))
    qtbot.keyClick(made, Qt.Key.Key_Right)
    assert made.reading() is None


def test_the_table_twin_holds_the_same_values(qtbot: QtBot) -> None:
    model = ChartTableModel(FACTS)
    rows = [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    assert rows[1] == ["18 Nov 2025", "98", "(109) 119", "", "", ""]
    assert rows[2] == [plain_date(date(2025, 9, 23)), "42", "128", "150", "25", "0.71"]
    assert rows[3] == ["28 Jul 2025", "", "88", "< 5", "", ""]
    spoken = model.data(model.index(1, 2), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Haemoglobin, unit: 109, superseded 119"


def test_the_table_model_keeps_the_rules_of_models(qtmodeltester: object) -> None:
    qtmodeltester.check(ChartTableModel(FACTS))  # type: ignore[attr-defined]


def test_the_legend_leaves_out_what_has_no_room(qtbot: QtBot) -> None:
    legend = TrendLegend()
    qtbot.addWidget(legend)
    for width in (600, 200, 20):
        legend.resize(width, 20)
        legend.show()
        legend.grab()
    assert "superseded" in legend.accessibleName()


def test_days_are_counted_from_the_last_infusion_before() -> None:
    assert FACTS.day_of_course(date(2025, 8, 4)) is None
    assert FACTS.day_of_course(date(2025, 8, 5)) == 0
    assert FACTS.day_of_course(date(2025, 8, 11)) == 6
    assert FACTS.day_of_course(date(2025, 8, 13)) == 1


def test_the_nearest_day_is_the_earlier_of_two_equally_near() -> None:
    days = (date(2026, 1, 1), date(2026, 1, 11))
    assert nearest_day(days, date(2026, 1, 6)) == days[0]
    assert nearest_day(days, date(2026, 1, 7)) == days[1]
    assert nearest_day(days, date(2030, 1, 1)) == days[1]
    assert nearest_day((), date(2026, 1, 1)) is None


_values = st.decimals("0.01", "99999", places=2)
_points = st.lists(
    st.builds(
        TrendPoint,
        st.dates(date(2018, 1, 1), date(2026, 12, 31)),
        _values,
        st.sampled_from([None, "<", ">"]),
        st.booleans(),
    ),
    max_size=8,
).map(tuple)
_targets = st.none() | st.builds(Target, st.none() | _values)


@given(_points, _targets, st.booleans())
def test_every_value_lies_in_its_panel(
    points: tuple[TrendPoint, ...], target: Target | None, log: bool
) -> None:
    made = Trend("ferritin", "Ferritin", "unit", points, target, log)
    facts = ChartFacts(TODAY, (made,))
    axis, days = value_axis(made), time_axis(facts)
    assert axis.low < axis.high
    assert len(axis.ticks) <= 3
    for each in points:
        assert 0 <= axis.fraction(each.value) <= 1
        assert 0 <= days.fraction(each.on) <= 1
    ordered = sorted(points, key=lambda p: p.value)
    fractions = [axis.fraction(p.value) for p in ordered]
    assert fractions == sorted(fractions)


@given(
    st.lists(_points, min_size=1, max_size=4),
    st.dates(date(2019, 1, 1), date(2026, 2, 12)),
    st.integers(0, 400),
)
def test_any_facts_are_painted(groups: list[tuple[TrendPoint, ...]], first: date, span: int) -> None:
    course = CourseSpan(
        "Course", (InfusionMark(first, D(500)), InfusionMark(first + timedelta(days=span), D(500))),
        None, first + timedelta(days=span + 28), first + timedelta(days=span + 42),
    )  # fmt: skip
    trends = tuple(Trend("ferritin", "Ferritin", "unit", g, Target(D(50)), True) for g in groups)
    facts = ChartFacts(TODAY, trends, (course,))
    reading = facts.reading_days[0] if facts.reading_days else None
    assert not picture(facts, reading, (420, 380)).isNull()
