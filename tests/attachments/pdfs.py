"""Small PDFs, written by hand."""

from __future__ import annotations

import zlib


def page_of(text: str) -> bytes:
    """A page's drawing that shows this text."""
    return f"BT /F1 12 Tf 10 100 Td ({text}) Tj ET".encode("latin-1")


def pdf(*drawings: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these pages; `trailer` is put into its last dictionary."""
    count = len(drawings)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for index, drawing in enumerate(drawings):
        packed = zlib.compress(drawing, 9)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (5 + 2 * index)
        )
        head = b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
        objects.append(head + packed + b"\nendstream")
    written = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
        + b"trailer<</Size %d/Root 1 0 R%b>>\n" % (size, trailer)
        + b"startxref\n%d\n%%%%EOF" % len(written)
    )
