"""Lists as PDF, CSV or workbook: drawn beside the window, printed, saved, noted."""
