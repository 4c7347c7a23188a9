"""Draw QR codes, by which readers of a printed book open an address."""

from __future__ import annotations

import io

import segno

MODULE_PX = 8  # pixels of the side of a square
QUIET_ZONE_MODULES = 4  # squares around the code, as ISO/IEC 18004 demands


def draw_qr_code(address: str) -> bytes:
    """Return the QR code of an address as PNG, black on white; the same bytes each time.

    Raises ValueError if the address is too long for a QR code.
    """
    try:
        code = segno.make_qr(address, error="m", boost_error=False)
    except segno.DataOverflowError as error:
        raise ValueError("the address is too long for a QR code") from error
    out = io.BytesIO()
    code.save(out, kind="png", scale=MODULE_PX, border=QUIET_ZONE_MODULES, dark="#000", light="#fff")
    return out.getvalue()
