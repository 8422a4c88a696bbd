"""Requests for a film like the clip seen, with one thing changed, and the resolved caption."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from gpt4video_training.data.captions import caption
from gpt4video_training.data.lexicon import MOTION_PHRASES, PLACE_PHRASES, article
from gpt4video_training.world.scene import COLOURS, PLACES, SUBJECTS, Actor, Scene, reverse_motion

LIKE = (
    "make one like this, but {}",
    "Make a video like this one, but {}.",
    "Make one like this but {}",
    "Now make a video like this one, but {}, please.",
    "Can you make the same video, but {}?",
    "Create a similar clip, but {}.",
    "Please generate one like that, but {}.",
    "I want the same film, but {}.",
    "Show me one like this, only {}.",
    "the same again, but {}",
    "Could you make another one, but {}?",
    "Make another one like it, {}.",
    "Do it once more, but {}.",
    "A film like this, but {}, please.",
    "I'd love to see it again, but {}.",
    "What about one like this, but {}?",
    "Could you show me the same, only {}?",
    "The same video with one change: {}.",
    "Film this again, but {}.",
    "Now the same scene, but {}.",
    "Repeat this, {}.",
    "Once again, but {}, please.",
    "I want to see what you saw, but {}.",
    "Take this clip and change it: {}.",
)
LIKE_ONE = (
    "make one like the {}, but {}",
    "Make a video like the {}, but {}.",
    "Make one like the {} but {}",
    "Now make one like the {}, but {}, please.",
    "Can you make the {} again, but {}?",
    "Create a clip similar to the {}, but {}.",
    "I want a film like the {}, but {}.",
    "the {} again, but {}",
    "Take the {} and make it again, but {}.",
    "I'd love to see the {} again, but {}.",
    "Once more the {}, but {}.",
    "Film the {} again, only {}.",
    "What about the {}, but {}?",
    "Do the {} over, but {}.",
    "A film like the {}, except {}.",
    "Could you show me the {} again, only {}?",
)
UNSEEN_LIKE = (
    "Could you produce a video just like it, except {}?",
    "Remake this, but {}.",
    "I would like to have this one again, but {}.",
    "Film that again for me, only {}.",
    "How about the same thing, but {}?",
)
UNSEEN_LIKE_ONE = (
    "Remake the {}, but {}.",
    "Could you produce something like the {}, except {}?",
    "I would like to have the {} again, but {}.",
)
AGAIN = (
    "Make a video just like this one.",
    "Make one like this.",
    "Make the same video again.",
    "Can you make a similar video?",
    "Make a video of what you just saw.",
    "Film what you see here.",
    "Sum up what you saw and make a video of it.",
    "I'd love to see that once more as your own film.",
)
REPLY = "Here you are: "

Change = tuple[str, Scene]


@dataclass(frozen=True)
class Edit:
    """What is asked for and the scene that is then wanted, as a sentence would tell it."""

    request: str
    wanted: Scene


def film_answer(text: str) -> str:
    """Words and the caption between tags, as every film is asked for."""
    return f"{REPLY}<video>{text}</video>"


def edit(
    scene: Scene, rng: random.Random, forms: tuple[str, ...] = LIKE, which: str | None = None
) -> Edit:
    """One change, now and then two; the rest of the scene stays as it was seen.

    With `which` the forms name one of several videos: "the first", "the second one".
    """
    change, wanted = _change(scene, rng)
    if rng.random() < 0.2:
        more, twice = _change(wanted, rng)
        if _kind(change) != _kind(more):
            change, wanted = f"{change} and {more}", twice
    if which is not None:
        return Edit(rng.choice(forms).format(which, change), wanted)
    if rng.random() < 0.05:
        return Edit(rng.choice(AGAIN), scene)
    return Edit(rng.choice(forms).format(change), wanted)


def _change(scene: Scene, rng: random.Random) -> tuple[str, Scene]:
    makers = [_place, _place, _recolour, _recolour, _subject, _motion]
    if len(scene.actors) == 1:
        makers += [_other_way, _other_way, _recolour]
    while True:
        made = rng.choice(makers)(scene, rng)
        if made is not None:
            return made


def _kind(change: str) -> str:
    """Two changes of one kind could undo one another."""
    if any(change in phrases for phrases in PLACE_PHRASES.values()):
        return "place"
    return "look" if set(change.split()) & {*COLOURS, *SUBJECTS} else "motion"


def edit_answer(made: Edit) -> str:
    return film_answer(caption(made.wanted))


def _with(scene: Scene, index: int, **changes: object) -> Scene:
    actors = list(scene.actors)
    actors[index] = replace(actors[index], **changes)  # type: ignore[arg-type]
    return replace(scene, actors=tuple(actors))


def _named(scene: Scene, index: int) -> str:
    actor = scene.actors[index]
    same = [a for a in scene.actors if a.subject == actor.subject]
    return f"the {actor.subject}" if len(same) == 1 else f"the {actor.colour} {actor.subject}"


def _taken(scene: Scene, index: int, actor: Actor) -> bool:
    return any(
        (a.subject, a.colour) == (actor.subject, actor.colour)
        for i, a in enumerate(scene.actors)
        if i != index
    )


def _place(scene: Scene, rng: random.Random) -> Change:
    place = rng.choice([p for p in PLACES if p != scene.place])
    return rng.choice(PLACE_PHRASES[place]), replace(scene, place=place)


def _recolour(scene: Scene, rng: random.Random) -> Change | None:
    index = rng.randrange(len(scene.actors))
    actor = scene.actors[index]
    colour = rng.choice([c for c in COLOURS if c != actor.colour])
    if _taken(scene, index, replace(actor, colour=colour)):
        return None
    name = _named(scene, index)
    forms = [f"make {name} {colour}", f"{name} should be {colour}"]
    if name == f"the {actor.subject}":
        forms.append(f"with {article(f'{colour} {actor.subject}')}")
    if len(scene.actors) == 1:
        forms += [colour, f"in {colour}", f"make it {colour}", colour]
    return rng.choice(forms), _with(scene, index, colour=colour)


def _subject(scene: Scene, rng: random.Random) -> Change | None:
    index = rng.randrange(len(scene.actors))
    actor = scene.actors[index]
    subject = rng.choice([s for s in SUBJECTS if s != actor.subject])
    if _taken(scene, index, replace(actor, subject=subject)):
        return None
    forms = [f"with {article(subject)} instead of {_named(scene, index)}"]
    if len(scene.actors) == 1:
        forms += [f"with {article(subject)}", f"make it {article(subject)}"]
    return rng.choice(forms), _with(scene, index, subject=subject)


def _motion(scene: Scene, rng: random.Random) -> Change | None:
    if scene.relation or scene.pan or len(scene.actors) > 1:
        return None
    actor = scene.actors[0]
    wanted = rng.choice([m for m in MOTION_PHRASES if (m,) != actor.motions])
    verb = MOTION_PHRASES[wanted][0]
    forms = [f"it {verb}", f"one where the {actor.subject} {verb}"]
    if wanted in ("left", "right", "up", "down"):
        forms += [f"moving {wanted}", f"going {wanted}"]
    return rng.choice(forms), _with(scene, 0, motions=(wanted,), order="whole")


def _other_way(scene: Scene, rng: random.Random) -> Change | None:
    actor = scene.actors[0]
    turned = tuple(reverse_motion(motion) for motion in actor.motions)
    if scene.pan or len(turned) > 1 or turned[0] not in ("left", "right", "up", "down"):
        return None
    forms = ("moving the other way", "the other way round", "in the other direction",
             "in the opposite direction", "going the other way", "let it move the other way")  # fmt: skip
    return rng.choice(forms), _with(scene, 0, motions=turned)
