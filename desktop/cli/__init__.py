"""The command line: one parser, one module per command. Bad input ends with a sentence, never a traceback."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from collections.abc import Sequence

from desktop.cli.options import add_database_options
from desktop.cli.status import Status, Stop

EPILOG = """exit status:
  0 done   1 done, with something a person must look at   2 wrong usage or unreadable input
  3 wrong name, password or key   4 database made by a newer Replete   5 folder missing   6 no screen
  7 database in use by another Replete   8 cannot write (disk full, read-only)   9 a fault in the program
"""


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    try:
        options = _parser().parse_args(arguments)
        status = int(options.command(options))
        doubt = getattr(options, "doubt", False)  # said when the clinic was opened
        return int(Status.LOOK) if doubt and status == Status.DONE else status
    except Stop as stop:
        print(stop.message, file=sys.stderr)
        return int(stop.status)
    except KeyboardInterrupt:
        print("Stopped. Nothing that was not confirmed has been kept.", file=sys.stderr)
        return int(Status.LOOK)
    except BrokenPipeError:
        # the reader of a list closed it early (`replete worklist … | head`): nothing went wrong
        sys.stderr.close()
        return int(Status.DONE)
    except Exception as error:  # whatever a library says may hold a patient: only where it happened is told
        return _fault(error)


def _fault(error: Exception) -> int:
    """Tell a fault of the program by its places in the code, never by its message; into the log as well."""
    from desktop.errors import log, trace

    where = trace(error)
    if log.handlers:  # without one Python would write it to standard error as well
        log.error("fault\n%s", where)
    print(
        f"Replete stopped because of a fault in the program. What was saved is safe.\n{where}",
        file=sys.stderr,
    )
    return int(Status.FAULT)


def _parser() -> argparse.ArgumentParser:
    from desktop.cli import (
        assess,
        backup,
        check,
        exporting,
        importing,
        kept_password,
        letters,
        licences,
        move,
        restore,
        sample,
        self_test,
        window,
        worklist,
    )

    parser = argparse.ArgumentParser(
        prog="replete",
        description="Follow-up after intravenous iron. Without a command it opens the window.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=importlib.metadata.version("replete"))
    add_database_options(parser, default=None)
    window.add_options(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in (
        assess,
        sample,
        importing,
        exporting,
        worklist,
        letters,
        backup,
        restore,
        check,
        move,
        kept_password,
        licences,
        self_test,
    ):
        module.add_parser(commands)
    parser.set_defaults(command=window.run)
    return parser
