"""LibreOffice's mail merge of a table of letters, run by the Python that has `uno`: `mail_merge.py FOLDER`.

`letters.csv` in the folder has the columns address, title and words. A text document with the three fields is made,
then merged into one PDF for each letter, and into one of all. Prints the seconds of both as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found, unused-ignore]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found, unused-ignore]
from com.sun.star.connection import (  # type: ignore[import-not-found, unused-ignore]
    NoConnectException,
)

PIPE = "replete-mail-merge"
SOURCE, TABLE = "letters", "letters"
COLUMNS = ("address", "title", "words")
TO_FILE = 2
START_SECONDS = 60


def value(name: str, content: Any) -> Any:
    """A named argument."""
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made


def connected(folder: Path) -> tuple[subprocess.Popen[bytes], Any]:
    """A LibreOffice without a window, with a profile of its own, and its context."""
    profile = (folder / "profile").as_uri()
    office = subprocess.Popen(  # noqa: S603 - one fixed program
        [  # noqa: S607 - found on the PATH by the script that starts this
            "soffice",
            "--headless",
            "--norestore",
            f"-env:UserInstallation={profile}",
            f"--accept=pipe,name={PIPE};urp;",
        ]
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            return office, resolver.resolve(f"uno:pipe,name={PIPE};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > end:
                office.kill()
                raise
            time.sleep(0.2)


def register(context: Any, folder: Path) -> None:
    """The folder's tables as a data source."""
    sources = context.ServiceManager.createInstanceWithContext("com.sun.star.sdb.DatabaseContext", context)
    source = sources.createInstance()
    source.URL = "sdbc:flat:" + folder.as_uri()
    source.Info = (
        value("Extension", "csv"),
        value("HeaderLine", True),
        value("FieldDelimiter", ","),
        value("StringDelimiter", '"'),
        value("CharSet", "UTF-8"),
    )
    file = (folder / "letters.odb").as_uri()
    source.DatabaseDocument.storeAsURL(file, ())
    sources.registerObject(SOURCE, source)


def template(desktop: Any, folder: Path) -> str:
    """The document with its three fields."""
    document = desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, (value("Hidden", True),))
    text = document.Text
    cursor = text.createTextCursor()
    for column in COLUMNS:
        master = document.createInstance("com.sun.star.text.FieldMaster.Database")
        master.DataBaseName, master.DataTableName, master.DataColumnName = SOURCE, TABLE, column
        field = document.createInstance("com.sun.star.text.TextField.Database")
        field.attachTextFieldMaster(master)
        text.insertTextContent(cursor, field, False)
        text.insertControlCharacter(cursor, 0, False)
    where = (folder / "letter.odt").as_uri()
    document.storeAsURL(where, ())
    document.close(True)
    return where


def merged(context: Any, document: str, folder: Path, *, single: bool) -> float:
    """Seconds of one merge to PDF."""
    folder.mkdir()
    merge = context.ServiceManager.createInstanceWithContext("com.sun.star.text.MailMerge", context)
    merge.DataSourceName, merge.Command, merge.CommandType = SOURCE, TABLE, 0
    merge.DocumentURL, merge.OutputType, merge.OutputURL = document, TO_FILE, folder.as_uri()
    merge.SaveAsSingleFile, merge.SaveFilter, merge.FileNamePrefix = single, "writer_pdf_Export", "letter"
    began = time.perf_counter()
    merge.execute(())
    seconds = time.perf_counter() - began
    merge.dispose()
    return seconds


def main() -> int:
    """Merge twice and say how long it took and how many files there are."""
    folder = Path(sys.argv[1]).resolve()
    office, context = connected(folder)
    try:
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        register(context, folder)
        document = template(desktop, folder)
        each = merged(context, document, folder / "each", single=False)
        every = merged(context, document, folder / "every", single=True)
        desktop.terminate()
    finally:
        office.wait(START_SECONDS)
    files = len(list((folder / "each").glob("*.pdf")))
    sizes = [file.stat().st_size for file in (folder / "every").glob("*.pdf")]
    print(json.dumps({"files": files, "each": round(each, 2), "every": round(every, 2), "bytes": sizes}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
