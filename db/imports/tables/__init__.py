"""Tables of results: CSV, TSV and XLSX, one value a row or many, with a column mapping made once for each source."""

from db.imports.tables.guessing import TableLook, look
from db.imports.tables.mapping import Column, ColumnMapping, MappingError
from db.imports.tables.reading import read

__all__ = ["Column", "ColumnMapping", "MappingError", "TableLook", "look", "read"]
