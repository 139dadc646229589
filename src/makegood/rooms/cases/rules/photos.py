"""A photo made anew from its pixels: upright, of modest size, and without anything that the camera wrote into it."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE = 10 * 1024 * 1024
LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


class CannotOpen(Exception):
    """The file cannot be used; `str()` says to people how to mend it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remade:
    """A JPEG without metadata, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def remade(data: bytes) -> Remade:
    """The photo as it is kept. Raises `CannotOpen` for what is too large, is no photo, or would not fit into memory."""
    if not data:
        raise CannotOpen("The photo is empty. Choose the file again, or go on without a photo.")
    if len(data) > LARGEST_FILE:
        raise CannotOpen("The photo is larger than 10 MB. Choose a smaller one, or go on without a photo.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=KINDS) as image:
                return _remade(image)
    except CannotOpen:
        raise
    except UnidentifiedImageError as error:
        raise CannotOpen(
            "We could not open this file as a photo. Choose a JPEG or PNG file, or go on without a photo."
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise CannotOpen(_TOO_LARGE) from error
    except Exception as error:  # a damaged file can make its decoder fail in any way
        raise CannotOpen("The photo seems to be damaged. Choose another one, or go on without a photo.") from error


_TOO_LARGE = "The photo has too many pixels for us. Choose a smaller one, or go on without a photo."


def _remade(image: Image.Image) -> Remade:
    if image.width * image.height > MOST_PIXELS:
        raise CannotOpen(_TOO_LARGE)
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = Image.new("RGB", upright.size, "white")
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        flat.paste(clear, mask=clear.getchannel("A"))
    else:
        flat.paste(upright.convert("RGB"))
    kept = io.BytesIO()
    flat.save(kept, "JPEG", quality=82, optimize=True)
    return Remade(jpeg=kept.getvalue(), width=flat.width, height=flat.height)
