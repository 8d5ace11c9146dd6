"""Draws an address as a QR code in SVG."""

import base64
from typing import Final

import segno
from markupsafe import escape

#: Light modules around the code that scanners need.
_QUIET: Final = 4


def svg(address: str, title: str) -> bytes:
    """Return a picture of the address, dark on light in every colour scheme.

    Raises
    ------
    segno.DataOverflowError
        The address is longer than a code can hold (about 2,000 characters).
    """
    rows = segno.make_qr(address, error="m").matrix
    size = len(rows) + 2 * _QUIET
    dark = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, module in enumerate(row)
        if module
    )
    words = escape("".join(filter(str.isprintable, title)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img">'
        f"<title>{words}</title>"
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{dark}"/></svg>'
    ).encode()


def data_address(content: str, title: str) -> str:
    """Return an address that holds the picture itself, for what must not be asked for twice."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg(content, title)).decode()}"
