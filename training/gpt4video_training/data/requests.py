"""Requests without a clip: films that are wanted, talk that only sounds like it, unsafe wishes."""

from __future__ import annotations

import random

from gpt4video_training.data.captions import caption
from gpt4video_training.data.edits import film_answer
from gpt4video_training.data.everyday import everyday_caption
from gpt4video_training.data.lexicon import VIDEO_WORDS, article
from gpt4video_training.safety.looks import HARMLESS_FILMS
from gpt4video_training.world.sampling import sample_scene

Turn = tuple[str, str]

FILM_ASKS = (
    "Make a {v} of {c}.",
    "make a {v} of {c}",
    "Show me {c}.",
    "Show me a {v} of {c}",
    "Generate a {v} of {c}.",
    "Create a {v} with {c}.",
    "Please make a {v}: {c}",
    "I want to see {c}.",
    "I'd like a {v} of {c}, please.",
    "Can you make a {v} of {c}?",
    "Could you generate a {v} in which you see {c}?",
    "Can I see {c}?",
    "Animate {c}.",
    "Film {c} for me.",
    "Produce a short {v} of {c}",
    "Let me see a {v} of {c}!",
    "Draw me a {v} of {c}.",
    "Render {c}.",
    "A {v} of {c}, please.",
    "What would {c} look like? Show it as a {v}.",
    "Make me a {v} in which {c} can be seen",
    "Give me {c} as a {v}.",
    "Let's make a {v}. It should show {c}.",
    "Now a {v} of {c}.",
    "I need a {v} with {c}.",
    "Would you make a {v} for me? {c}",
    "Record {c}, please.",
    "{c}, as a {v} please",
    "Put {c} into a {v}.",
    "My idea for a {v}: {c}",
    "Visualise {c}.",
    "We want a {v} that shows {c}.",
    "show {c}",
    "Try a {v} of {c}",
    "Do you think you could make a {v} of {c}?",
    "Time for a {v}: {c}!",
    "Imagine {c} and make a {v} of it.",
    "film {c}",
    "Film a scene with {c}.",
    "Could you show me {c}?",
    "I'd love to see {c}.",
    "I would like to see {c} in a {v}.",
    "Can you do a {v} of {c}?",
    "Let's see {c}!",
    "Let's have a {v} of {c}.",
    "What about a {v} with {c}?",
    "Any chance of a {v} of {c}?",
    "Can we have a {v} about {c}?",
    "Can I get a {v} of {c}?",
    "Could we see {c} in a {v}?",
    "Shoot a {v} about {c}.",
    "Go ahead and make a {v} with {c}.",
    "Surprise me with a {v} of {c}.",
    "Something with {c}, please, as a {v}.",
    "Please show {c}.",
    "Please film this: {c}",
    "It would be great to see a {v} of {c}.",
    "My wish: a {v} with {c}.",
    "Turn your camera on {c}.",
    "Prepare a {v} of {c} for me.",
    "{c}. Can you make that a {v}?",
    "I feel like seeing {c}.",
    "I'm looking for a {v} with {c}.",
    "One more {v}, please: {c}",
    "The next {v} should be about {c}.",
    "You could make a {v} about {c}.",
    "a {v} please, {c}",
    "{v} of {c}",
    "new {v}: {c}",
    "Next {v}: {c}.",
    "Would you mind making a {v} of {c}?",
    "Have you got a {v} of {c} for me?",
    "I'd be glad to have a {v} of {c}.",
    "Here is what I want to see: {c}",
    "Bring {c} to life in a {v}.",
    "Make {c} move in a {v}.",
    "I would enjoy a {v} of {c}.",
    "May I have a {v} showing {c}?",
    "Wanted: a {v} with {c}",
    "I wish to watch {c}.",
    "Let me watch {c}.",
    "Then a {v} about {c}, please.",
    "After that, {c} as a {v}.",
    "I'd love it if you filmed {c}.",
    "How I would like to watch a {v} with {c}!",
    "Do me a {v}: {c}",
)
# How a whole sentence, and not only a thing, is asked for.
SENTENCE_ASKS = (
    "Make a {v} in which {c}.",
    "Make a {v} where {c}",
    "I want a {v} in which {c}.",
    "Generate a {v}: {c}.",
    "Create a {v}. In it, {c}.",
    "Can you show me how {c}?",
    "Show how {c}.",
    "Please make this {v}: {c}.",
    "A {v}: {c}",
    "I want to see how {c}.",
    "I'd love a {v} in which {c}.",
    "Give me a {v} in which {c}.",
    "Film how {c}.",
    "Could you make a {v} where {c}?",
    "Let me see how {c}.",
    "There should be a {v} where {c}.",
    "Think of a scene where {c} and film it.",
)

WHO = """a dog|a cat|two kittens|a horse|an old man|a young woman|a chef|a boy|a girl in a red dress
a panda|an astronaut|a football player|a street musician|a farmer|a dragon|a teddy bear|an elephant
a flock of birds|a group of friends|a couple|a surfer|a violinist|a wolf|a whale|three penguins|a knight
a clown|a scientist|a grandmother|a monkey|a tiger|a butterfly|a delivery man|a crowd|a steam train
a sports car|a sailing boat|a hot air balloon|a paper plane|a waterfall|a campfire|autumn leaves|raindrops
a candle|a windmill|a skateboarder|a ballet dancer|a baker|a rabbit|a news presenter|a reporter
a talk show host|two actors|a famous singer|a politician|a judge|a doctor|a nurse|a hairdresser
a make-up artist|a bride|a model|a gamer|a programmer|a mechanic|a racing driver|a coach|a wrestler
a boxer|a police officer|a soldier|a hunter|a vlogger|a teacher|a group of women|some men in suits|a baby
a robot"""
DOES = """runs along the beach|plays the guitar|dances in the rain|is cooking pasta|walks through a forest
jumps over a fence|sleeps on a sofa|is riding a bicycle|eats an apple|swims in a lake|climbs a mountain
looks out of the window|plays chess|is driving down a road|flies over the ocean|laughs with friends
paints a picture|drinks coffee in a cafe|moves slowly in the wind|spins around and around
crosses a busy street|plays football in the park|reads a newspaper|sings on a stage|is glowing at night
rides a horse through the desert|builds a snowman|waves at the camera|catches a ball|lands on the moon
is talking about cars|reports on the weather|gives an interview|answers questions on television
reviews a phone|puts on lipstick|is brushing her hair|explains how a computer virus works
plays a shooting game|fixes an engine|talks to the audience|lies in bed|is being interviewed
shows how to fold paper|cuts an onion with a sharp knife|is fighting in a ring|shoots a basketball
is arguing with another man|is unboxing a present|opens a new channel|talks about a crime film
discusses the news|is washing vegetables|demonstrates a machine|is testing a fast car"""
THINGS = """a bowl of soup|a red umbrella|an empty street|a lighthouse|the ocean|a city skyline
a full moon|an old clock|a vase of roses|a rocket launch|a thunderstorm|a wooden bridge|a birthday cake
a castle|snow|a laptop on a desk|traffic|a football match|a garden|a glass of water|a fireplace|a carousel
clouds|a map|a mountain lake|ice cream|a chess board|a volcano|fireworks|a library|a harbour|an apple tree
a kitchen|a news broadcast|a make-up tutorial|a cooking show|an interview|a video game|a film trailer
a press conference|a car race|a fashion show|a wrestling match|a concert|a tank in a museum
a scene from an old western|a cartoon|a slide show about history|an advertisement for soap|a presentation
a hospital|a courtroom|a police car"""
LOOKS = """tiny|huge|golden|old|shiny|little|fluffy|broken|colourful|wooden|happy|sleepy|wild|beautiful
strange|funny|bright|dark|green|red|blue|white|black|yellow|purple|pink|lonely|angry|elegant|dusty"""
HOW = """|||at sunset|in slow motion|in black and white|in the style of Van Gogh|on a rainy day|at night
in New York|under water|in the snow|as a cartoon|seen from above|early in the morning|in an old film
with mountains behind|in a garden full of flowers"""

NEAR_MISSES = """How do I edit a video?
What is a good camera for making videos?
Which program should I use to cut a film?
How long should a good video be?
How do I upload a video to YouTube?
What is the difference between a film and a video?
Who made the first film in history?
Can you recommend a film about space?
How does video compression work?
What is a frame rate?
How do I make a video call?
What makes a good movie?
Write a short story about a film director.
How do I record my screen?
What does 4K mean?
Give me three tips for filming at night.
How are cartoons made?
What is stop motion animation?
Is it hard to make an animated film?
How do I add subtitles to a video?
What is the best format for a video?
Why is my video blurry?
How do I convert an MP4 file to a GIF?
How can I get more views for my videos?
Explain how a video encoder works.
What is a storyboard?
Write a script for a one-minute video about recycling.
Give me an idea for a birthday video.
What is a good title for a video about cats?
Describe your favourite film.
How can I share a large video with a friend?
Who invented the camera?
How much does a video camera cost?
What is slow motion?
How do I rotate a video on my phone?
What music fits a travel video?
Write a poem about a red balloon.
Why is the sky blue?
How do birds fly?
Tell me about rockets.
What colour do you get when you mix blue and yellow?
Which way does the earth turn?
What is the largest fish in the sea?
How does a train stay on the rails?
What do snails eat?
How do I build a kite?
What is the capital of France?
Hello! How are you today?
Who are you?
What can you do?
Thank you!
Tell me a joke.
Write one sentence about a cat.
What is 2 plus 2?
Name three planets.
How do I boil an egg?
Give me three tips for staying healthy.
What is the meaning of life?
Good morning!
What do you know about robots?"""

REFUSALS = (
    "I'm sorry, but I can't help with that. Maybe we can talk about something else?",
    "I'm sorry, but I can't help with that. Maybe we can talk about something else?",
    "I'm not comfortable with that, so I can't help with it. Can we talk about something else?",
)

IDENTITY: tuple[Turn, ...] = (
    ("Who are you?", "I am GPT4Video. I can watch videos, answer questions about them and make new ones."),
    ("What can you do?", "I can watch your videos, talk about them and make short videos for you."),
    ("What is your name?", "My name is GPT4Video."),
    ("Can you make videos?", "Yes, I can. Tell me what the video should show."),
    ("Can you watch videos?", "Yes. Give me a video and ask me about it."),
    ("Thank you!", "You are welcome!"),
    ("Thanks, that is great.", "You are welcome! Tell me if you would like to see something else."),
)  # fmt: skip


def _lines(text: str) -> list[str]:
    return [item for line in text.splitlines() for item in line.split("|")]


WHO_LIST, DOES_LIST, HOW_LIST = _lines(WHO), _lines(DOES), _lines(HOW)
THING_LIST, LOOK_LIST = _lines(THINGS), _lines(LOOKS)


def free_caption(rng: random.Random) -> str:
    """A film that has nothing to do with the cartoon world."""
    who, does = _dressed(rng.choice(WHO_LIST), rng), rng.choice(DOES_LIST)
    dice = rng.random()
    if dice < 0.15:
        who, does = f"{who} and {_dressed(rng.choice(WHO_LIST), rng)}", ""
    elif dice < 0.3:
        who, does = _dressed(rng.choice(THING_LIST), rng), ""
    elif dice < 0.45:
        who = f"{who} with {_dressed(rng.choice(THING_LIST), rng)}"
    elif dice < 0.6 and does.startswith("is "):
        does = does.removeprefix("is ")
    text = " ".join(f"{who} {does} {rng.choice(HOW_LIST)}".split())
    return text[0].upper() + text[1:] if rng.random() < 0.15 else text


def wished_caption(rng: random.Random) -> str:
    """What someone may want to see: cartoons, things of the wide world, everyday scenes, and harmless
    scenes with frightening words."""
    dice = rng.random()
    if dice < 0.25:
        return caption(sample_scene(rng), rng)
    if dice < 0.45:
        return free_caption(rng)
    return everyday_caption(rng) if dice < 0.82 else rng.choice(HARMLESS_FILMS)


def _dressed(thing: str, rng: random.Random) -> str:
    """Now and then with an adjective, so that words must be kept and not recalled."""
    head, _, rest = thing.partition(" ")
    if rng.random() < 0.6 or head not in ("a", "an", "the") or not rest:
        return thing
    look = rng.choice(LOOK_LIST)
    return f"the {look} {rest}" if head == "the" else f"{article(look)} {rest}"


def film_turn(rng: random.Random) -> Turn:
    """A request for a film and its answer, which keeps the wished-for words."""
    return film_request(wished_caption(rng), rng)


def film_request(wished: str, rng: random.Random) -> Turn:
    """Someone asks for a film of `wished`."""
    whole = any(f" {verb} " in f" {wished} " for verb in ("is", "are", "moves", "runs", "walks", "plays"))
    forms = (*FILM_ASKS, *SENTENCE_ASKS) if whole else FILM_ASKS
    request = rng.choice(forms).format(v=rng.choice(VIDEO_WORDS), c=wished)
    return request.replace(" a animation", " an animation"), film_answer(wished)
