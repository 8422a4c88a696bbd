"""A caption that is true of a scene, in plain or in varied wording."""

from __future__ import annotations

import random

from gpt4video_training.data.lexicon import (
    PLACE_PHRASES,
    RELATION_PHRASES,
    article,
    verb_phrases,
)
from gpt4video_training.world.scene import STILL, Actor, Scene


def caption(scene: Scene, rng: random.Random | None = None) -> str:
    """One sentence without a full stop, lower case.

    Without `rng` the wording is the plainest and nothing is left out, so the
    caption names every fact that a film needs. With `rng` the wording varies
    and sizes, textures, the place or the camera may be left unsaid.
    """
    return _Speaker(rng).caption(scene)


def noun(actor: Actor, rng: random.Random | None = None) -> str:
    """Colour and subject with what else is visible: "large striped red ball"."""
    return _Speaker(rng).noun(actor)


class _Speaker:
    def __init__(self, rng: random.Random | None) -> None:
        self._rng = rng

    def _pick(self, options: tuple[str, ...]) -> str:
        return self._rng.choice(options) if self._rng else options[0]

    def _says(self, share: float) -> bool:
        return self._rng is None or self._rng.random() < share

    def noun(self, actor: Actor) -> str:
        words = [actor.colour, actor.subject]
        if actor.texture != "plain" and self._says(0.8):
            words.insert(0, actor.texture)
        if actor.size != "medium" and actor.size_is_constant and self._says(0.7):
            words.insert(0, actor.size if self._rng is None else self._size(actor.size))
        return " ".join(words)

    def _size(self, size: str) -> str:
        return self._pick({"small": ("small", "little"), "large": ("large", "big")}[size])

    def _does(self, actor: Actor) -> str:
        verbs = [self._pick(verb_phrases(actor.subject, motion)) for motion in actor.motions]
        if len(verbs) == 1:
            return verbs[0]
        joined = self._pick((", then ", " and then ", ", and after that it "))
        return f"first {verbs[0]}{joined}{verbs[1]}" if self._says(0.5) else joined.join(verbs)

    def caption(self, scene: Scene) -> str:
        body = self._body(scene)
        if self._says(0.92):
            place = self._pick(PLACE_PHRASES[scene.place])
            front = self._rng is not None and self._rng.random() < 0.15
            body = f"{place}, {body}" if front else f"{body} {place}"
        if scene.pan and self._says(0.8):
            pans = ("pans", "turns", "moves")
            body = f"{body} while the camera {self._pick(pans)} {scene.pan}"
        return body

    def _body(self, scene: Scene) -> str:
        actors = scene.actors
        in_turn = any(actor.order != "whole" for actor in actors)
        # Who acts first says more than who stands where.
        if scene.relation and not in_turn:
            return self._related(scene, *scene.relation)
        if in_turn:
            first, then = sorted(actors, key=lambda actor: actor.order)
            return (
                f"first {article(self.noun(first))} {self._does(first)}, "
                f"then {article(self.noun(then))} {self._does(then)}"
            )
        motions = {actor.motions for actor in actors}
        # The plainest wording needs no look ahead: each actor with what it does.
        if self._rng and len(actors) > 1 and len(motions) == 1 and self._says(0.5):
            names = [article(self.noun(actor)) for actor in actors]
            listed = ", ".join(names[:-1]) + f" and {names[-1]}"
            plural = _plural(self._pick(verb_phrases("", actors[0].motions[0])))
            return f"{listed} {plural}"
        parts = [self._clause(actor) for actor in actors]
        if len(parts) == 1:
            return parts[0]
        return ", ".join(parts[:-1]) + " and " + parts[-1]

    def _clause(self, actor: Actor) -> str:
        name = article(self.noun(actor))
        if actor.motions == (STILL,) and self._rng and self._rng.random() < 0.4:
            return name
        return f"{name} {self._does(actor)}"

    def _related(self, scene: Scene, kind: str, i: int, j: int) -> str:
        one, other = scene.actors[i], scene.actors[j]
        if kind == "chases":
            way = one.motions[0]
            verb = self._pick(("chases", "follows", "runs after"))
            end = f" to the {way}" if self._says(0.85) else ""
            return f"{article(self.noun(one))} {verb} {article(self.noun(other))}{end}"
        if kind == "meets":
            if self._says(0.7):
                verb = self._pick(("meets", "comes towards", "runs into"))
                return f"{article(self.noun(one))} {verb} {article(self.noun(other))}"
            return f"{article(self.noun(one))} and {article(self.noun(other))} come together"
        where = self._pick(RELATION_PHRASES[kind])
        name = article(self.noun(other))
        if other.motions != (STILL,):
            name = f"{name} that {self._does(other)}"
        return f"{self._clause(one)} {where} {name}"


def _plural(phrase: str) -> str:
    verb, _, rest = phrase.partition(" ")
    irregular = {"goes": "go", "does": "do", "vanishes": "vanish", "crosses": "cross"}
    verb = irregular.get(verb, verb[:-1] if verb.endswith("s") else verb)
    return f"{verb} {rest}".strip()
