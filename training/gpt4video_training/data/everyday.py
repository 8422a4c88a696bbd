"""Everyday scenes as people word them: who does what, so that harmless wishes are not strange to the adapter.

Written here by composition; captions of real videos are for measuring only.
"""

from __future__ import annotations

import random

PEOPLE = """a man|a woman|a girl|a boy|a guy|a lady|a gentleman|a child|a baby|a toddler|a teenager
someone|a person|two men|two women|two girls|two boys|three friends|a few people|some people|people
a group of people|men|women|kids|children|a family|a mother and her child|a father and his son|a couple
an old woman|an old man|a young man|a bearded man|a bald man|a blonde woman|a lady with glasses
a man in a suit|a woman in a white dress|a man in a hat|a reporter|a news presenter|a talk show host
a singer|a rapper|a band|an actor|an actress|a comedian|a politician|a teacher|students|a doctor|a nurse
a soldier|soldiers|a policeman|a fireman|a cook|a waiter|a hairdresser|a model|a mechanic|a worker
a driver|a pilot|a sailor|a player|two players|a team|a goalkeeper|a boxer|two wrestlers|a swimmer
a runner|a gymnast|a cheerleader|a gamer|a youtuber|a magician|a judge|a tourist|a shopper|a hunter
a dog|two dogs|a puppy|a cat|a kitten|a horse|a cow|a pig|a goat|a sheep|a monkey|a bear|a lion|a shark
a snake|a parrot|a duck|a chicken|a squirrel|a cartoon character|a video game character|an animated girl
a robot toy|a minecraft figure|a red car|a truck|a motorbike|an airplane|a helicopter|a tank|a ship
a bus|a tractor"""

KNOWN = """Tom Hanks|Beyonce|Barack Obama|Angela Merkel|Elvis Presley|Marilyn Monroe|Usain Bolt
Serena Williams|Lionel Messi|Jackie Chan|Meryl Streep|Morgan Freeman|Ellen DeGeneres|Jay Leno|Adele
Michael Jackson|Albert Einstein|Frida Kahlo|Nelson Mandela|Steve Jobs|Emma Watson|Will Smith
Taylor Swift|Queen Elizabeth|Charlie Chaplin|Mickey Mouse|Spiderman|Batman|Super Mario|Pikachu"""
ON_TELEVISION = """giving an interview|being interviewed on a talk show|on a late night show
hosting a television show|reading the news|reporting from the street|presenting the weather forecast
on the red carpet|smiling at the audience|in an old television series|talking about a new film
telling a joke to the host|receiving a prize|answering a quiz question|on a video channel
holding a giveaway on a channel|reviewing lipsticks|showing a make-up look|doing eye make-up
putting powder on the face|applying foundation with a sponge|removing make-up with a cloth
trying a new mascara|talking in a car|talking about motor sports|with tears of joy
with a face full of kindness|with shining eyes|looking proud and calm"""

DOING = """talking|talking to a friend|talking on the phone|talking about politics
talking about a new phone|speaking|talking about cars|discussing a football match|discussing the news
giving a speech|giving an interview|being interviewed|telling a story|explaining a computer program
explaining a recipe|explaining how a machine works|arguing|laughing|crying|smiling|screaming|shouting
singing|singing a song|singing on a stage|dancing|dancing in a club|performing|playing the piano
playing the drums|playing a violin|playing a video game|playing cards|playing basketball|playing tennis
playing with a toy|playing with a ball|playing in the snow|running|running in a race|walking
walking down a street|walking on a catwalk|jumping|jumping into water|swimming|diving|surfing|skiing
skating|riding a horse|riding a motorbike|riding a bike|driving|driving a car|driving a truck|racing
flying|landing|taking off|falling down|climbing a wall|lifting weights|doing exercises|doing yoga
stretching|kicking a ball|throwing a ball|catching a fish|hitting a ball|scoring a goal|boxing
fighting in a ring|wrestling|fencing|shooting at a target|shooting hoops|firing a cannon in a film
cutting an onion|cutting paper|cutting hair|chopping vegetables|cooking|cooking meat in a pan
frying an egg|baking a cake|mixing flour and water|pouring milk|stirring a pot|eating|eating noodles
drinking|drinking tea|washing dishes|washing a car|cleaning the floor|putting on make-up|painting nails
brushing hair|brushing teeth|getting dressed|trying on clothes|lying in bed|sleeping|sitting
sitting on a couch|sitting at a table|sitting in a car|standing|standing in a room|waiting
looking at the camera|looking at a phone|reading a book|writing on a board|drawing|folding paper|sewing
building a house|fixing an engine|opening a box|opening a present|holding a baby|holding a sign
holding a gun prop|hugging|kissing|holding hands|getting married|fighting a fire|chasing a ball
being chased|being petted|barking|eating grass|crossing a road|shopping|cheering|clapping|praying
marching|protesting|camping|fishing|showing a product|showing a trick|demonstrating a tool
demonstrating a dance|testing a car|reviewing a film|typing on a keyboard|attending a meeting
being arrested in a film|crashing into a wall in a game|exploding in a cartoon|dying in a game"""

WHERE = """||||||in a kitchen|in a studio|in a gym|in the street|on a field|in a park|in a classroom
at home|on tv|in a bar|at the beach|in a garden|in an office|on a court|in the woods|in a hospital
outside|inside|in a game|in a music video|in front of a crowd|at a wedding|by the pool|on a boat
in a dark room|on a track|at night"""

SCENES = """an advertisement for a shoe|a scene from a comedy|a trailer of a film|a cartoon for children
a news broadcast|a music video|a football highlight|a game show|a cooking show|a fashion show|a car show
a home video|a slide show|a commercial for a car|a talk show|a tutorial on origami
a documentary about sharks|a computer screen|a web page|a graph of numbers|a war scene from an old film
a street fight in a film|a battle in a video game|a horror film scene|a crime scene in a detective film
a skeleton in a museum|a bloody steak on a plate|a knife on a chopping board|a thunderstorm over a town
a house on fire and the fire brigade|a volcano that destroys a forest|a dinosaur attack|a boxing match
a wrestling match|a car crash test|a rocket that explodes|a zombie dance|a toy gun|a sword fight
different kinds of food|the inside of a car|the engine of a truck|a phone being tested
clothes being washed|meat being fried|dough being kneaded|a song being recorded|a car being repaired
a wall being painted|trees being cut"""


def _lines(text: str) -> list[str]:
    return [item for line in text.splitlines() for item in line.split("|")]


PEOPLE_LIST, DOING_LIST, WHERE_LIST, SCENE_LIST = map(_lines, (PEOPLE, DOING, WHERE, SCENES))
KNOWN_LIST, TELEVISION_LIST = _lines(KNOWN), _lines(ON_TELEVISION)
_MANY = ("men", "women", "girls", "boys", "friends", "people", "kids", "children", "students", "soldiers")
_MORE = ("players", "wrestlers", "dogs", "a mother and her child", "a father and his son")


def everyday_caption(rng: random.Random) -> str:
    """ "a man is talking about cars in a studio", as people sum up what they saw, faults included."""
    dice = rng.random()
    if dice < 0.15:
        return rng.choice(SCENE_LIST)
    who, doing = rng.choice(PEOPLE_LIST), rng.choice(DOING_LIST)
    if dice > 0.85:
        who = rng.choice(KNOWN_LIST) if rng.random() < 0.5 else who
        return f"{_bare(who, rng)} {rng.choice(TELEVISION_LIST)}"
    verb = "are" if who.endswith((*_MANY, *_MORE)) else "is"
    text = f"{who} {doing}" if rng.random() < 0.45 else f"{who} {verb} {doing}"
    if dice < 0.25:
        verb = rng.choice(("is", "keeps"))
        text = f"{text} while {rng.choice(PEOPLE_LIST)} {verb} {rng.choice(DOING_LIST)}"
    elif dice < 0.32:
        text = f"{text} and {rng.choice(DOING_LIST)}"
    elif dice < 0.38:
        text = f"there {verb} {who} {doing}"
    elif dice < 0.42:
        text = f"{who} {doing} with {rng.choice(PEOPLE_LIST)}"
    return _bare(" ".join(f"{text} {rng.choice(WHERE_LIST)}".split()), rng)


def _bare(text: str, rng: random.Random) -> str:
    """Now and then without its article, as notes are written."""
    head, _, rest = text.partition(" ")
    return rest if rest and head in ("a", "an") and rng.random() < 0.2 else text
