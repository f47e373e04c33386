"""Workbooks and statistics files for tests, made byte by byte from the formats' descriptions."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Cell = str | float | bool | None


def _column(index: int) -> str:
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _packed(files: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def xlsx(sheets: Mapping[str, Sequence[Sequence[Cell]]], hidden: Sequence[str] = (), first_row: int = 1) -> bytes:
    """An Excel workbook; numbers in the style of a date are those given as ``date:45352``."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    numbers = range(1, len(sheets) + 1)
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in numbers
        )
        + "</Types>",
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{relation}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="s{n}" state="{_state(name in hidden)}"/>'
            for n, name in zip(numbers, sheets, strict=True)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="s{n}" Type="{relation}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        + f'<Relationship Id="st" Type="{relation}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f"<styleSheet {main}>"
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>',
    }
    for n, rows in zip(numbers, sheets.values(), strict=True):
        body = "".join(
            f'<row r="{i}">' + "".join(_xlsx_cell(cell, f"{_column(j)}{i}") for j, cell in enumerate(row)) + "</row>"
            for i, row in enumerate(rows, start=first_row)
        )
        files[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {main}><sheetData>{body}</sheetData></worksheet>"
    return _packed(files)


def _state(hidden: bool) -> str:
    return "hidden" if hidden else "visible"


def _xlsx_cell(cell: Cell, at: str) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return f'<c r="{at}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, str) and cell.startswith("date:"):
        return f'<c r="{at}" s="1"><v>{cell[5:]}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{at}"><v>{cell!r}</v></c>'


def ods(rows: Sequence[Sequence[Cell]], name: str = "Sheet1") -> bytes:
    """An OpenDocument spreadsheet."""
    space = "urn:oasis:names:tc:opendocument:xmlns"

    def one(cell: Cell) -> str:
        if cell is None or cell == "":
            return "<table:table-cell/>"
        if isinstance(cell, str):
            return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{float(cell)!r}"/>'

    body = "".join(f"<table:table-row>{''.join(map(one, row))}</table:table-row>" for row in rows)
    return _packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
            "content.xml": f'<office:document-content xmlns:office="{space}:office:1.0" '
            f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0">'
            f'<office:body><office:spreadsheet><table:table table:name="{name}">'
            f"{body}</table:table></office:spreadsheet></office:body></office:document-content>",
        }
    )


def sav(
    columns: Mapping[str, Sequence[float | str]],
    questions: Mapping[str, str] | None = None,
    labels: Mapping[str, Mapping[float, str]] | None = None,
    missing: Mapping[str, Sequence[float]] | None = None,
) -> bytes:
    """An SPSS file in UTF-8; texts have 32 bytes."""
    width = 32
    n = len(next(iter(columns.values())))
    texts = {name for name, values in columns.items() if any(isinstance(v, str) for v in values)}
    out = io.BytesIO()
    size = sum(width // 8 if name in texts else 1 for name in columns)
    out.write(b"$FL2" + b"@(#) SPSS DATA FILE made by a test".ljust(60))
    out.write(struct.pack("<iiiii", 2, size, 0, 0, n) + struct.pack("<d", 100.0))
    out.write(b"01 Jan 24" + b"10:00:00" + b"".ljust(64) + b"\0\0\0")
    at: dict[str, int] = {}
    place = 1
    for name in columns:
        question = (questions or {}).get(name, "").encode()
        codes = (missing or {}).get(name, ())
        shape = (1 << 16 | width << 8) if name in texts else (5 << 16 | 8 << 8 | 2)
        kind = width if name in texts else 0
        out.write(
            struct.pack("<iiiiii", 2, kind, bool(question), len(codes), shape, shape) + name.upper().encode().ljust(8)
        )
        if question:
            out.write(struct.pack("<i", len(question)) + question + b"\0" * (-len(question) % 4))
        out.write(b"".join(struct.pack("<d", code) for code in codes))
        at[name] = place
        place += 1
        if name in texts:
            for _ in range(width // 8 - 1):
                out.write(struct.pack("<iiiiii", 2, -1, 0, 0, 0, 0) + b" " * 8)
                place += 1
    for name, named in (labels or {}).items():
        out.write(struct.pack("<ii", 3, len(named)))
        for value, label in named.items():
            raw = label.encode()
            out.write(struct.pack("<d", value) + bytes([len(raw)]) + raw + b" " * (-(len(raw) + 1) % 8))
        out.write(struct.pack("<iii", 4, 1, at[name]))
    long_names = "\t".join(f"{name.upper()}={name}" for name in columns).encode()
    out.write(struct.pack("<iiii", 7, 13, 1, len(long_names)) + long_names)
    out.write(struct.pack("<iiii", 7, 20, 1, 5) + b"UTF-8")
    out.write(struct.pack("<ii", 999, 0))
    for i in range(n):
        for values in columns.values():
            cell = values[i]
            out.write(cell.encode().ljust(width) if isinstance(cell, str) else struct.pack("<d", cell))
    return out.getvalue()


def dta(
    columns: Mapping[str, Sequence[float | str]],
    questions: Mapping[str, str] | None = None,
    labels: Mapping[str, Mapping[int, str]] | None = None,
) -> bytes:
    """A Stata file of version 10; texts have 60 bytes."""
    width = 60
    texts = {name for name, values in columns.items() if any(isinstance(v, str) for v in values)}
    n = len(next(iter(columns.values())))
    out = io.BytesIO()
    out.write(bytes([114, 2, 1, 0]) + struct.pack("<hi", len(columns), n) + b"".ljust(81, b"\0") + b"".ljust(18, b"\0"))
    out.write(bytes(width if name in texts else 255 for name in columns))
    out.write(b"".join(name.encode().ljust(33, b"\0") for name in columns))
    out.write(b"\0\0" * (len(columns) + 1))
    out.write(b"".join((b"%60s" if name in texts else b"%9.0g").ljust(49, b"\0") for name in columns))
    out.write(b"".join((name.encode() if name in (labels or {}) else b"").ljust(33, b"\0") for name in columns))
    out.write(b"".join((questions or {}).get(name, "").encode("cp1252").ljust(81, b"\0") for name in columns))
    out.write(b"\0" * 5)
    for i in range(n):
        for values in columns.values():
            value = values[i]
            out.write(
                value.encode("cp1252").ljust(width, b"\0") if isinstance(value, str) else struct.pack("<d", value)
            )
    for name, named in (labels or {}).items():
        words = [label.encode("cp1252") + b"\0" for label in named.values()]
        offsets = [sum(map(len, words[:k])) for k in range(len(words))]
        table = struct.pack("<ii", len(words), sum(map(len, words)))
        table += b"".join(struct.pack("<i", o) for o in offsets) + b"".join(struct.pack("<i", v) for v in named)
        table += b"".join(words)
        out.write(struct.pack("<i", len(table)) + name.encode().ljust(33, b"\0") + b"\0" * 3 + table)
    return out.getvalue()
