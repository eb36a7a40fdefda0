"""A figure as the picture that stands for its page where that is shared."""

from __future__ import annotations

import io

from matplotlib.font_manager import findfont
from PIL import Image, ImageDraw, ImageFont, ImageOps

CARD = 1200, 630
"""Its width and height in pixels."""


def card(picture: bytes, said: str) -> bytes:
    """Return a PNG of the size :data:`CARD` with a *picture*, whole, and what is *said* of it below."""
    width, height = CARD
    sheet = Image.new("RGB", CARD, "white")
    whole = ImageOps.contain(Image.open(io.BytesIO(picture)).convert("RGB"), (width - 40, height - 60))
    sheet.paste(whole, ((width - whole.width) // 2, 12))
    font = ImageFont.truetype(findfont("DejaVu Sans"), 20)
    ImageDraw.Draw(sheet).text((20, height - 38), said, fill="#595959", font=font)
    written = io.BytesIO()
    sheet.quantize(64).save(written, "png")
    return written.getvalue()
