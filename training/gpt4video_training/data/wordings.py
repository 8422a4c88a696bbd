"""How people put a question; the forms of `UNSEEN` never occur in training and are what tests use."""

from __future__ import annotations

import random
from collections.abc import Mapping

Forms = Mapping[str, tuple[str, ...]]

FORMS: Forms = {
    "what": (
        "What is in the video?", "What do you see?", "What can you see in this video?", "What is it?",
        "What does the clip show?", "Which things are in the film?", "What is shown?",
        "Tell me what you see.", "What is this?", "Which objects are there?", "What's in it?",
        "Name the things in the video.", "What things are there?", "Tell me what is in it.",
        "What can be seen?", "Which things can you see?",
    ),
    "colour of it": (
        "What colour is it?", "Which colour does it have?", "What color is it?", "Which colour is it?",
        "Tell me its colour.",
    ),
    "colour": (
        "What colour is {n}?", "Which colour is {n}?", "What color is {n}?",
        "Which colour does {n} have?", "Tell me the colour of {n}.", "Which color is {n}?",
        "{N}: which colour?", "Do you know the colour of {n}?",
    ),
    "of that colour": (
        "What is {c}?", "Which thing is {c}?", "Which one is {c}?", "What do you see that is {c}?",
    ),
    "motion": (
        "Which way does {n} move?", "What does {n} do?", "In which direction does {n} go?",
        "How does {n} move?", "Where does {n} go?", "Which way is {n} going?", "What is {n} doing?",
        "Tell me what {n} does.", "What happens to {n}?", "Which way does {n} go?",
        "Say how {n} moves.", "What is the motion of {n}?", "Describe what {n} does.",
        "Which motion does {n} make?", "How does {n} behave?",
    ),
    "first": (
        "What happens first?", "What comes first?", "What do you see at the beginning?",
        "How does it begin?", "What happens in the first half?",
        "How does the video start?", "What starts it?", "Which event comes first?",
        "Tell me what happens first.",
    ),
    "then": (
        "What happens then?", "What happens next?", "What comes after that?",
        "What happens at the end?", "How does it end?", "What happens in the second half?",
        "What follows?", "Which event comes second?", "Tell me what happens then.", "And then?",
        "What happens after the first event?",
    ),
    "order": (
        "In what order do things happen?", "In which order does it happen?",
        "What happens first and what comes next?", "What comes first and what after that?",
        "Tell me what happens first and what happens then.",
        "List what happens, first to last.", "Put what happens in order.",
        "Describe the sequence.", "What is the sequence?",
        "Say what happens, one after the other.", "Give me the order of what happens.",
        "What happens, step by step?", "Which comes first and which second?",
    ),
    "place": (
        "Where does it take place?", "Where is this?", "Where does this happen?", "What is the place?",
        "What is in the background?", "Where was this filmed?", "Where are we?", "Which place is this?",
        "Where does the video take place?",
    ),
    "count": (
        "How many things are there?", "How many objects do you see?",
        "How many things are in the video?", "How many are there?", "How many things do you see?",
        "How many objects are in it?",
        "Tell me how many things there are.", "How many things appear?",
        "Give me the number of objects.", "Can you count the objects?", "What do you count?",
        "How many things does the video show?",
    ),
    "count of": (
        "How many {s} are there?", "How many {s} do you see?", "How many {s} are in the video?",
        "Tell me how many {s} there are.", "How many {s} appear?", "Count the {s}.",
        "What is the number of {s}?",
    ),
    "presence": (
        "Is there {a} in the video?", "Do you see {a}?", "Can you see {a}?", "Is there {a}?",
        "Does the video show {a}?", "Is {a} in it?",
        "Has the clip {a}?", "Is {a} shown?", "Does {a} appear?", "Can you find {a}?",
        "Tell me whether there is {a}.",
    ),
    "is place": (
        "Does it take place {p}?", "Is this {p}?", "Does this happen {p}?", "Is it {p}?",
    ),
    "does": (
        "Does {n} {v}?", "Is it true that {n} {w}?", "Would you say that {n} {w}?",
        "Does it seem that {n} {w}?", "Is it so that {n} {w}?", "I think {n} {w}, right?",
        "True or not: {n} {w}?",
    ),
    "is colour": (
        "Is {n} {c}?", "Is it true that {n} is {c}?", "Is the colour of {n} {c}?",
        "I think {n} is {c}, right?", "Do you see that {n} is {c}?", "Is it so that {n} is {c}?",
        "Is {n} really {c}?", "Does {n} look {c}?",
    ),
    "size": (
        "How big is {n}?", "What size is {n}?", "How large is {n}?", "Which size does {n} have?",
        "Is {n} small, medium or large?",
    ),
    "texture": (
        "What pattern does {n} have?", "Is {n} plain, striped or spotted?", "Which pattern is on {n}?",
        "Does {n} have a pattern?", "What does the surface of {n} look like?",
        "Which kind of pattern has {n}?", "Tell me the pattern of {n}.",
        "Are there stripes or spots on {n}?", "Is {n} patterned?", "How is {n} patterned?",
        "What is on the surface of {n}?", "Does {n} have stripes or spots?",
    ),
    "who": (
        "Which one {w}?", "What {w}?", "Which thing {w}?", "Which of them {w}?", "Who {w}?",
        "Tell me which one {w}.",
    ),
    "which pattern": ("Which one is {t}?", "Which of them is {t}?", "What is {t}?"),
    "chases": (
        "Who chases whom?", "Which one is chasing the other?", "Who follows whom?",
        "Who is after whom?", "Which of the two follows?", "Who runs behind whom?",
    ),
    "meets": ("What do the two do?", "How do the two move towards each other?", "Who meets whom?"),
    "where is": (
        "Where is {n} compared with {o}?", "Where is {n}, seen from {o}?", "Where is {n}?",
        "Where do you see {n} relative to {o}?",
        "Tell me where {n} is, as seen from {o}.", "Is {n} above, below or beside {o}?",
        "On which side of {o} is {n}?", "How is {n} placed relative to {o}?",
        "Where does {n} stand next to {o}?",
    ),
    "relation": (
        "How do the two stand?", "Where are the two?", "How are the two placed?",
        "Which one is where?", "Tell me how the two are placed.",
        "How do the two lie to each other?", "Which is above or beside the other?",
    ),
    "bigger": (
        "Which is bigger, {n} or {o}?", "Which one is larger, {n} or {o}?", "What is bigger, {n} or {o}?",
        "Who is bigger, {n} or {o}?", "Is {n} bigger or {o}?",
        "Compare the sizes of {n} and {o}: which is larger?",
        "Between {n} and {o}, which is the larger one?", "Tell me which is bigger, {n} or {o}.",
        "Which has the larger size, {n} or {o}?", "Is it {n} or {o} that is bigger?",
    ),
    "same colour": (
        "Do {n} and {o} have the same colour?", "Are {n} and {o} of the same colour?",
        "Is {n} of the same colour as {o}?",
        "Have {n} and {o} one colour?", "Do {n} and {o} share a colour?",
        "Is it the same colour on {n} and {o}?", "Does {n} have the colour of {o}?",
        "Is there one colour on {n} and {o}?", "Are {n} and {o} alike in colour?",
    ),
    "same way": (
        "Do {n} and {o} move the same way?", "Does {n} do the same as {o}?",
        "Do {n} and {o} do the same thing?",
        "Is {n} doing what {o} does?", "Do {n} and {o} act alike?",
        "Is {n} like {o} in what it does?", "Is the motion of {n} that of {o}?",
        "Do {n} and {o} share a motion?",
    ),
    "camera": (
        "Does the camera move?", "What does the camera do?", "Does the camera pan?",
        "Which way does the camera move?", "Is the camera still?",
    ),
    "describe": (
        "Describe the video.", "Describe the video in detail.", "What happens in the video?",
        "Tell me what happens.", "What is going on here?", "Summarise the clip.", "Describe the clip.",
        "What happens?", "Give me a description.", "Write a caption for this video.",
        "Put the video into words.",
        "Tell me everything about the clip.", "What does the whole video show?",
        "Explain what happens in this clip.", "Say in one sentence what happens.",
        "Describe it for me.",
    ),
    "which has": (
        "Which of the two shows {a}?", "Which video shows {a}?", "In which one do you see {a}?",
        "Which of the two has {a} in it?", "Where is {a}, in the first or in the second?",
        "Which clip has {a}?",
        "Which one has {a}?", "Tell me which one shows {a}.",
        "Is {a} in the first or in the second?", "In which of the two is {a}?",
    ),
    "which place": (
        "Which of the two takes place {p}?", "Which one is {p}?", "Which video takes place {p}?",
        "Which clip was filmed {p}?",
        "Tell me which one is {p}.", "In which one are we {p}?", "Which of the two is {p}?",
        "Is the first or the second {p}?",
    ),
    "which does": (
        "In which of the two does something {v}?", "In which video does something {v}?",
        "Which one has something that {w}?",
        "Which of the two shows something that {w}?", "Where does something {v}?",
        "Which video has a thing that {w}?",
        "Is it the first or the second in which something {v}?",
    ),
    "which more": (
        "Which of the two shows more things?", "Which video has more things in it?",
        "Where are there more things?", "In which one do you see more objects?",
    ),
    "both have": (
        "Do both show {a}?", "Is there {a} in both videos?", "Do you see {a} in both?",
        "Do the two videos both have {a}?", "Is {a} in each of the two?",
        "Does {a} appear in both?", "Can you find {a} in both clips?",
        "Both videos have {a}, right?", "Do you see {a} in the first and in the second?",
        "Is {a} there in both?",
    ),
    "both place": (
        "Are both {p}?", "Do both take place {p}?", "Are both videos {p}?",
        "Did both happen {p}?", "Were both filmed {p}?",
        "Are the first and the second both {p}?", "Do the two clips both take place {p}?",
        "Is each of the two {p}?", "Both are {p}, right?",
    ),
    "same place": (
        "Do both take place at the same place?", "Are the two at the same place?",
        "Is the place the same in both?",
        "Do the two videos share a place?", "Are both set at one place?",
        "Is the first where the second is?", "Were both filmed in the same place?",
        "Do the first and the second take place at the same place?",
    ),
    "differ": (
        "What differs?", "What is the difference between the two?", "Compare the two videos.",
        "How do the two videos differ?", "What is different?", "Compare them.",
        "What is not the same in the two?",
        "Name the difference.", "Tell me what is different.", "In what do they differ?",
        "How is the second different from the first?", "Say what is not the same.",
        "What sets the two apart?",
    ),
    "about": (
        "{q} I mean the {k} video.", "In the {k} video: {r}", "In the {k} one, {r}",
        "About the {k} video: {r}", "And in the {k} video, {r}", "{b} in the {k} video?",
        "{b} in the {k} one?", "{b} in the {k} clip?",
        "{q} This is about the {k} video.", "For the {k} one: {r}", "In video {d}: {r}",
        "In the {k} clip, {r}",
    ),
}  # fmt: skip

UNSEEN: Forms = {
    "what": ("Which things does this video show?", "What do we see here?", "What appears in the clip?"),
    "colour of it": ("What is its colour?", "Can you tell me which colour it has?"),
    "colour": ("What is the colour of {n}?", "Can you tell which colour {n} has?", "In which colour is {n}?"),
    "of that colour": ("What is the {c} thing?", "Which object is {c}?"),
    "motion": ("How is {n} moving?", "Can you tell me what {n} does?", "What movement does {n} make?"),
    "first": ("What is the first thing that happens?", "What happens at the start?"),
    "then": ("And what happens after that?", "What is the second thing that happens?"),
    "order": ("What is the order of events?", "Tell me the events in their order."),
    "place": ("At what place is this?", "Where is the scene set?", "What place do you see?"),
    "count": ("What is the number of things?", "Count the things, please.", "How many objects are shown?"),
    "count of": ("How many {s} can you count?",),
    "presence": ("Is {a} visible?", "Can you spot {a} in the clip?", "Does {a} occur in the film?"),
    "is place": ("Is the place {p}?", "Was this filmed {p}?"),
    "does": ("Can you see that {n} {w}?", "Is it right that {n} {w}?"),
    "is colour": ("Is it right that {n} is {c}?", "Would you call {n} {c}?"),
    "size": ("What is the size of {n}?", "Can you tell how big {n} is?"),
    "texture": ("Which pattern do you see on {n}?", "Is there a pattern on {n}?"),
    "who": ("Can you tell which one {w}?", "Which object {w}?"),
    "which pattern": ("Which object is {t}?",),
    "chases": ("Which one runs after the other?", "Who is chasing whom?"),
    "meets": ("What are the two doing?",),
    "where is": ("What is the position of {n} compared with {o}?", "Where is {n} in relation to {o}?"),
    "relation": ("What is the position of the two?",),
    "bigger": ("Of {n} and {o}, which is bigger?",),
    "same colour": ("Is the colour of {n} and {o} the same?",),
    "same way": ("Are {n} and {o} doing the same?",),
    "camera": ("Is there any camera movement?", "How does the camera move?"),
    "describe": ("Can you describe what you see?", "Describe in detail what happens.",
                 "Please describe this clip."),
    "which has": ("Which one of them shows {a}?", "Can you tell me which video has {a}?"),
    "which place": ("Which of them is set {p}?",),
    "which does": ("Which of the two has something in it that {w}?",),
    "which more": ("Which of them shows more objects?",),
    "both have": ("Does each of them show {a}?",),
    "both place": ("Are the two of them {p}?",),
    "same place": ("Is it the same place in the two videos?",),
    "differ": ("What are the differences?", "Tell me how the two differ."),
    "about": ("{b} in video {d}?", "For the {k} video: {r}"),
}  # fmt: skip


def say(forms: Forms, kind: str, rng: random.Random, **words: str) -> str:
    """One of the forms of `kind` with its blanks filled."""
    return rng.choice(forms[kind]).format(**words)


def carelessly(text: str, rng: random.Random) -> str:
    """As people type: now and then without a capital or the mark at the end."""
    if rng.random() < 0.12:
        text = text[0].lower() + text[1:]
    if rng.random() < 0.12:
        text = text.rstrip(".?!")
    return text
