"""Exports as bytes: CSV for spreadsheets, OpenDocument, JSON. The same figures give the same bytes, for ever."""

import csv
import datetime as dt
import io
import json
import zipfile
from typing import Sequence
from xml.sax.saxutils import escape, quoteattr

from bot.dashboard import texts
from bot.dashboard.sheet import Sheet, Value

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate what begins with these
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
BEGINNING = (1980, 1, 1, 0, 0, 0)           # the earliest moment that a ZIP file can name
UNIX, PRIVATE = 3, 0o600 << 16
DAY_FORMAT = "%d/%m/%Y"
SPACES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"' for name, urn in (
    ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
    ("fo", "xsl-fo-compatible")))
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
STYLES = f"""{DECLARATION}<office:document-styles {SPACES} office:version="1.3"><office:styles>\
<style:default-style style:family="table-cell"><style:text-properties fo:language="nl" fo:country="BE"/></style:default-style>\
</office:styles></office:document-styles>"""
AUTOMATIC = """<office:automatic-styles>\
<number:date-style style:name="N1" number:language="nl" number:country="BE"><number:day number:style="long"/>\
<number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text>\
<number:year number:style="long"/></number:date-style>\
<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>\
<style:style style:name="wide" style:family="table-column"><style:table-column-properties style:column-width="9cm"/>\
</style:style><style:style style:name="narrow" style:family="table-column">\
<style:table-column-properties style:column-width="3.8cm"/></style:style>\
<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>\
</office:automatic-styles>"""
MANIFEST = f"""{DECLARATION}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" \
manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>\
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>\
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def as_csv(sheet: Sheet) -> bytes:
    """What Excel and LibreOffice open in Belgium without a question: BOM, semicolons, CRLF, days as 02/11/2026."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    if sheet.invented:
        writer.writerow([sheet.mark])
    writer.writerow(sheet.head())
    writer.writerows([_plain(value) for value in row] for row in sheet.rows())
    return out.getvalue().encode("utf-8-sig")


def as_json(sheet: Sheet) -> bytes:
    """For programs, with the parameters."""
    return (json.dumps(sheet.as_dict(), ensure_ascii=False, indent=2) + "\n").encode()


def as_ods(sheet: Sheet) -> bytes:
    """An OpenDocument spreadsheet: one sheet of figures, one that explains them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (("mimetype", MIMETYPE), ("content.xml", _content(sheet)), ("styles.xml", STYLES),
                              ("META-INF/manifest.xml", MANIFEST)):
            _add(archive, name, content)
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: str) -> None:
    """Stored, not compressed: the standard asks it of the type, and other versions of zlib would give other bytes."""
    entry = zipfile.ZipInfo(name, BEGINNING)
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_STORED, UNIX, PRIVATE
    archive.writestr(entry, content.encode())


def _content(sheet: Sheet) -> str:
    names = texts.load()["export"]["sheets"]
    first = ([[sheet.mark]] if sheet.invented else []) + [sheet.head()]
    figures = [_row(row, "head") for row in first] + [_row(row) for row in sheet.rows()]
    widths = ["wide" if name == texts.load()["export"]["columns"]["label"] else "narrow" for name in sheet.head()]
    method = [_row([line]) for line in sheet.method()] + [_row(list(pair)) for pair in sheet.details()]
    return (f'{DECLARATION}<office:document-content {SPACES} office:version="1.3">{AUTOMATIC}<office:body><office:spreadsheet>'
            f"{_table(names['figures'], figures, widths)}{_table(names['method'], method, ('wide', 'wide'))}"
            "</office:spreadsheet></office:body></office:document-content>")


def _table(name: str, rows: list[str], widths: Sequence[str]) -> str:
    columns = "".join(f'<table:table-column table:style-name="{width}"/>' for width in widths)
    return f"<table:table table:name={quoteattr(name)}>{columns}{''.join(rows)}</table:table>"


def _row(values: list[Value], style: str = "") -> str:
    return f"<table:table-row>{''.join(_cell(value, style) for value in values)}</table:table-row>"


def _cell(value: Value, style: str) -> str:
    if isinstance(value, dt.date):
        kind = f'table:style-name="day" office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = f'{f"""table:style-name="{style}" """ if style else ""}office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(_written(value))}</text:p></table:table-cell>"


def _written(value: Value) -> str:
    return value.strftime(DAY_FORMAT) if isinstance(value, dt.date) else str(value)


def _plain(value: Value) -> str:
    """A cell of CSV: text that would be taken for a formula gets an apostrophe in front."""
    written = _written(value)
    return f"'{written}" if isinstance(value, str) and written.startswith(FORMULA) else written
