"""PDF files, made for a test."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def pdf(*pages: str, lock: str | None = None) -> bytes:
    """A PDF file with these pages of Latin text; `lock` is its password."""
    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(300, 300)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        fonts = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): fonts})}
        )
        stream = DecodedStreamObject()
        lines = " T* ".join(f"({line}) Tj" for line in text.split("\n") if line)
        stream.set_data(f"BT /F1 12 Tf 14 TL 10 280 Td {lines} ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    if lock is not None:
        writer.encrypt(user_password=lock, owner_password=f"{lock}!", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
