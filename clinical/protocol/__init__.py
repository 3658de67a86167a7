"""The clinical protocol: numbers and lists as data, with unit, source and date, loaded and checked."""

from clinical.protocol.load import Protocol, load_protocol, protocol_from_text
from clinical.protocol.tables import Number, ProtocolError, Table

__all__ = ["Number", "Protocol", "ProtocolError", "Table", "load_protocol", "protocol_from_text"]
