"""Tables in files, CSV or XLSX, as rows of text cells with the line each begins on.

Nothing is guessed that could be guessed wrong: an encoding is UTF-8 or declared, numbers and dates stay text until a
column says what it is. What cells mean is the business of `mentorkit.core.recipes`.
"""

from __future__ import annotations

from stat import S_ISDIR, S_ISREG

from mentorkit.core.diagnostics import suggestion
from mentorkit.tables.delimited import open_delimited
from mentorkit.tables.findings import MAX_ERRORS, Findings
from mentorkit.tables.table import Table, TableError, TableRequest
from mentorkit.tables.workbooks import open_workbook

__all__ = ["MAX_ERRORS", "Findings", "Table", "TableError", "TableRequest", "open_table"]

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_BYTES = 2**30


def open_table(request: TableRequest, findings: Findings) -> Table:
    """Return the table in a file; whether it is a workbook is told by its first bytes, not by its name.

    What is wrong with single rows is added to `findings` while the rows are read.

    Raises:
        TableError: the file cannot be read as a table at all.
    """
    start = _first_bytes(request)
    if start.startswith(_ZIP):
        return open_workbook(request, findings)
    if start.startswith(_OLD_OFFICE):
        raise TableError(
            "workbook-unreadable",
            f"{request.shown} is a workbook in the old format, or one with a password",
            help="open it and save it as .xlsx without a password, or as CSV in UTF-8",
        )
    if request.path.suffix.lower() in {".xlsx", ".xlsm"}:
        raise TableError(
            "workbook-unreadable",
            f"{request.shown} is named like a workbook but is none",
            help="save it as .xlsx again, or give a CSV file a name that ends in .csv",
        )
    return open_delimited(request, findings)


def _first_bytes(request: TableRequest) -> bytes:
    path, shown = request.path, request.shown
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode) and not S_ISDIR(status.st_mode):
            raise TableError(
                "file-unreadable", f"{shown} is no ordinary file", help="write people into a CSV or XLSX file"
            )
        with path.open("rb") as stream:
            start = stream.read(8)
    except FileNotFoundError:
        raise _missing(request) from None
    except IsADirectoryError:
        raise TableError(
            "file-unreadable", f"{shown} is a folder, not a file", help="name the CSV or XLSX file inside it"
        ) from None
    except (OSError, ValueError) as problem:
        raise TableError(
            "file-unreadable",
            f"{shown} cannot be read: {getattr(problem, 'strerror', None) or problem}",
            help="check that the file exists and that you may read it",
        ) from None
    if status.st_size > _MAX_BYTES:
        raise TableError(
            "file-too-large",
            f"{shown} has {status.st_size:,} bytes, more than {_MAX_BYTES:,}",
            help="export only the people and columns that the program needs",
        )
    if not start:
        raise TableError(
            "file-empty", f"{shown} is empty", help="the first row must hold the headers, then one row per person"
        )
    return start


def _missing(request: TableRequest) -> TableError:
    folder = request.path.parent
    siblings = [path.name for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    near = suggestion(request.path.name, siblings)
    return TableError(
        "file-missing",
        f"there is no file {request.shown}",
        help=near or "check the path; it is read from the folder of the file that names it",
    )
