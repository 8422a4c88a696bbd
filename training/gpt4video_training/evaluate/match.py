"""Whether an answer is right: the facts asked for are there and no contrary fact is."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from gpt4video_training.data.captions import caption
from gpt4video_training.data.pairs import WHICH
from gpt4video_training.data.questions import Question, motion_keys
from gpt4video_training.world.scene import COLOURS, MOTIONS, STILL, SUBJECTS, Scene

_TAG = re.compile(r"<video>(.+?)</video>", re.DOTALL)
_VERDICTS = ("yes", "no")
_VERDICT = re.compile(r"^(yes|no)\b|\bso (yes|no)\b")


def is_right(question: Question, answer: str) -> bool:
    """All keys in their order for motions, in any order else; no foreign subject or motion."""
    text = answer.lower()
    if _TAG.search(text):
        return False
    if question.keys[0] in _VERDICTS:
        return verdict(answer) == question.keys[0]
    if question.kind in ("motion", "order"):
        # Two actors may do the same one after the other; it is named once or twice.
        return _motions_of(text) == list(dict.fromkeys(_motion_of(key) for key in question.keys))
    if not all(any(part in text for part in key.split("|")) for key in question.keys):
        return False
    words = set(re.findall(r"[a-z]+", text))
    if question.kind == "two: which":
        return not words & (set(WHICH) - set(question.keys))
    if question.kind in ("what", "describe"):
        foreign = (set(SUBJECTS) | set(COLOURS)) - set(question.keys)
        return not words & foreign - {"space"}
    if question.kind == "colour" and question.keys[0] in COLOURS:
        return not words & (set(COLOURS) - set(question.keys))
    return True


def verdict(answer: str) -> str | None:
    """The yes or no that an answer opens with, or that it draws from what it has said: "..., so no."."""
    found = _VERDICT.search(answer.strip().lower())
    return found and (found.group(1) or found.group(2))


def has_form(question: Question, answer: str) -> bool:
    """A finished sentence without a film; with a verdict where one is asked for."""
    text = answer.strip().lower()
    if not text.endswith((".", "!", "?")) or "<video>" in text:
        return False
    return question.keys[0] not in _VERDICTS or verdict(answer) is not None


def well_formed(answer: str) -> bool:
    """Either no tag at all, or exactly one closed pair with a caption."""
    tags = len(re.findall(r"</?video>", answer))
    return tags == 0 or (tags == 2 and _TAG.search(answer) is not None)


def film_caption(answer: str) -> str | None:
    """The caption between the tags."""
    found = _TAG.search(answer)
    return found.group(1).strip() if found else None


def says_all(wanted: Scene, text: str | None) -> bool:
    """The caption is the plain one of the wanted scene, actors in any order."""
    return text is not None and text in captions_of(wanted)


def captions_of(wanted: Scene) -> set[str]:
    """The plain caption for every order of the actors."""
    found = set()
    for order in itertools.permutations(range(len(wanted.actors))):
        relation = wanted.relation
        if relation:
            relation = (relation[0], order.index(relation[1]), order.index(relation[2]))
        actors = tuple(wanted.actors[index] for index in order)
        found.add(caption(replace(wanted, actors=actors, relation=relation)))
    return found


_KEYS = {motion_keys(motion): motion for motion in (*MOTIONS, STILL)}


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
