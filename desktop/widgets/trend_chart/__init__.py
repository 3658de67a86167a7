"""The trend chart: haemoglobin, ferritin, transferrin saturation and phosphate on one time axis.

It is painted here and not by a plotting library, for four reasons. *Print quality*: the same `paint` draws
into the window, a picture or a printer at its own resolution, as lines and glyphs. *Access*: a plotting
library's canvas is one silent rectangle to a screen reader; this widget has a name that says the trends in a
sentence, announces each reading, is read with the arrow keys, and has a table twin. *Start-up*: a plotting
library brings an array library with it, which costs more time and memory than the whole patient page.
*Size*: four small panels with at most some hundreds of points need scales, bands, lines and dots, which is
less code than bending a general library to struck values, a log panel, a course lane and value pills.
"""

from desktop.widgets.trend_chart.layout import Layout
from desktop.widgets.trend_chart.legend import TrendLegend
from desktop.widgets.trend_chart.model import ChartFacts, CourseSpan, InfusionMark, Target, Trend, TrendPoint
from desktop.widgets.trend_chart.paint import paint
from desktop.widgets.trend_chart.style import ChartStyle
from desktop.widgets.trend_chart.table import ChartTableModel, chart_table
from desktop.widgets.trend_chart.widget import TrendChart, window_style

__all__ = [
    "ChartFacts",
    "ChartStyle",
    "ChartTableModel",
    "CourseSpan",
    "InfusionMark",
    "Layout",
    "Target",
    "Trend",
    "TrendChart",
    "TrendLegend",
    "TrendPoint",
    "chart_table",
    "paint",
    "window_style",
]
