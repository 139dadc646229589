"""Photos for the demonstration: drawn, small, and plainly no photographs of anywhere."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

_SKY = {"missed-bin": "#b9cdd6", "street-light": "#1d2a44", "damp-repair": "#e8e2d4"}


def picture(service: str, chance: random.Random) -> bytes:
    """A JPEG of what a report is about."""
    image = Image.new("RGB", (480, 360), _SKY[service])
    draw, across = ImageDraw.Draw(image), chance.randrange(120, 300)
    if service == "damp-repair":
        for _ in range(60):
            x, y, size = chance.gauss(across, 60), chance.gauss(110, 50), chance.randrange(3, 16)
            draw.ellipse((x, y, x + size, y + size), fill="#6c6a55")
        draw.rectangle((0, 320, 480, 360), fill="#a89878")
    else:
        draw.rectangle((0, 260, 480, 360), fill="#5b5f63")
        if service == "missed-bin":
            draw.polygon(((across, 150), (across + 110, 150), (across + 95, 310), (across + 15, 310)), fill="#2f6b3c")
            draw.polygon(
                ((across - 8, 135), (across + 118, 115), (across + 118, 140), (across - 8, 155)), fill="#24522e"
            )
        else:
            draw.rectangle((across, 60, across + 10, 310), fill="#8d949b")
            draw.polygon(((across, 60), (across + 80, 50), (across + 80, 66), (across + 10, 72)), fill="#8d949b")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()
