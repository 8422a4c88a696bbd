"""The ten colours and how shades are made from them. All RGB, 0..255."""

from __future__ import annotations

from .scene import COLOURS

Rgb = tuple[int, int, int]

RGB: dict[str, Rgb] = {
    "red": (222, 32, 38),
    "orange": (250, 138, 16),
    "yellow": (252, 222, 30),
    "green": (34, 160, 58),
    "blue": (36, 78, 226),
    "purple": (136, 44, 186),
    "pink": (252, 128, 188),
    "brown": (122, 72, 32),
    "white": (248, 248, 248),
    "black": (26, 26, 30),
}
assert tuple(RGB) == COLOURS

DARK_PLACES = frozenset({"night", "space"})
BLACK: Rgb = (0, 0, 0)
WHITE: Rgb = (255, 255, 255)


def blend(first: Rgb, second: Rgb, share: float) -> Rgb:
    """`first` with `share` (0..1) of `second` mixed in."""
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(first, second, strict=True)
    )
    return red, green, blue


def shade(colour: str, role: str) -> Rgb:
    """The paint of a part of a subject: `body`, `light`, `dark` are shades of its
    colour; the other roles are the same for every colour."""
    base = RGB[colour]
    if role == "body":
        return base
    if role == "light":
        return blend(base, BLACK, 0.16) if colour == "white" else blend(base, WHITE, 0.38)
    if role == "dark":
        return blend(base, WHITE, 0.22) if colour == "black" else blend(base, BLACK, 0.28)
    return _FIXED[role]


def outline(colour: str, place: str) -> Rgb:
    """A contour that sets the subject off from the place behind it."""
    base = RGB[colour]
    if place in DARK_PLACES:
        return blend(base, WHITE, 0.65)
    return blend(base, BLACK, 0.6)


_FIXED: dict[str, Rgb] = {
    "wheel": (44, 44, 48),
    "hub": (190, 190, 196),
    "glass": (196, 228, 240),
    "trunk": (112, 74, 44),
    "tan": (226, 196, 150),
    "eye": (255, 255, 255),
    "pupil": (10, 10, 12),
    "beak": (248, 166, 40),
    "flame": (255, 176, 32),
    "lamp": (255, 240, 150),
}
