"""Whether an answer is right: the facts asked for are there and no contrary fact is."""

from __future__ import annotations

import re

from gpt4video_training.data.questions import Question, motion_keys
from gpt4video_training.world.scene import COLOURS, MOTIONS, SUBJECTS

_TAG = re.compile(r"<video>(.+?)</video>", re.DOTALL)


def is_right(question: Question, answer: str) -> bool:
    """All keys in their order for motions, in any order else; no foreign subject or motion."""
    text = answer.lower()
    if _TAG.search(text):
        return False
    if question.kind == "yes/no":
        return text.startswith(question.keys[0])
    if question.kind in ("motion", "order"):
        # Two actors may do the same one after the other; it is named once or twice.
        return _motions_of(text) == list(dict.fromkeys(_motion_of(key) for key in question.keys))
    if not all(any(part in text for part in key.split("|")) for key in question.keys):
        return False
    if question.kind in ("what", "describe"):
        words = set(re.findall(r"[a-z]+", text))
        foreign = (set(SUBJECTS) | set(COLOURS)) - set(question.keys)
        return not words & foreign - {"space"}
    if question.kind == "colour":
        return not set(re.findall(r"[a-z]+", text)) & (set(COLOURS) - set(question.keys))
    return True


def well_formed(answer: str) -> bool:
    """Either no tag at all, or exactly one closed pair with a caption."""
    tags = len(re.findall(r"</?video>", answer))
    return tags == 0 or (tags == 2 and _TAG.search(answer) is not None)


def film_caption(answer: str) -> str | None:
    """The caption between the tags."""
    found = _TAG.search(answer)
    return found.group(1).strip() if found else None


_KEYS = {motion_keys(motion): motion for motion in (*MOTIONS, "still")}


def _motion_of(key: str) -> str:
    return _KEYS[key]


def _motions_of(text: str) -> list[str]:
    """Motions in the order in which the text names them."""
    found: list[tuple[int, str]] = []
    for key, motion in _KEYS.items():
        places = [text.find(part) for part in key.split("|") if part in text]
        if places:
            found.append((min(places), motion))
    return [motion for _, motion in sorted(found)]
