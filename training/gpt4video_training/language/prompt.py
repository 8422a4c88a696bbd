"""The prompt, exactly as the server writes it, as token ids with gaps for visual tokens."""

from __future__ import annotations

from dataclasses import dataclass

from tokenizers import Tokenizer

from gpt4video_training.data.dialogues import Dialogue

SYSTEM = "You are GPT4Video, a helpful assistant that watches videos and makes videos."
TURN_OPEN = "<|im_start|>{role}\n"
TURN_CLOSE = "<|im_end|>\n"
VIDEO_OPEN, VIDEO_CLOSE = "<video>", "</video>"
VISUAL_TOKENS = 65
EOS = 2


@dataclass(frozen=True)
class Encoded:
    """`ids`; `learn` marks ids whose prediction is taught; `clips` are (position, clip number)
    of runs of 65 places that visual tokens fill."""

    ids: list[int]
    learn: list[bool]
    clips: list[tuple[int, int]]


class PromptWriter:
    """Collects text and visual runs in order."""

    def __init__(self, tokenizer: Tokenizer, system: str | None = SYSTEM) -> None:
        self._tokenizer = tokenizer
        self._text = ""
        self._ids: list[int] = []
        self._learn: list[bool] = []
        self._clips: list[tuple[int, int]] = []
        if system is not None:
            self._say(TURN_OPEN.format(role="system") + system + TURN_CLOSE)

    def user(self, text: str, clips: tuple[int, ...] = ()) -> None:
        """A user's turn with its videos, and the opening of the answer."""
        self.show(clips)
        self.request(text)

    def show(self, clips: tuple[int, ...]) -> None:
        """Opens a user's turn with its videos."""
        self._say(TURN_OPEN.format(role="user"))
        for clip in clips:
            self._say(VIDEO_OPEN)
            self._flush()
            self._clips.append((len(self._ids), clip))
            self._ids += [EOS] * VISUAL_TOKENS
            self._learn += [False] * VISUAL_TOKENS
            self._say(VIDEO_CLOSE + "\n")

    def request(self, text: str) -> None:
        """The words of an opened user's turn, and the opening of the answer."""
        self._say(text + TURN_CLOSE + TURN_OPEN.format(role="assistant"))

    def assistant(self, text: str, learn: bool = True, finished: bool = True) -> None:
        """An answer; its words and, when finished, its end are learnt."""
        self._flush()
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        self._ids += [*ids, EOS]
        self._learn += [learn] * len(ids) + [learn and finished]
        self._say("\n")

    def done(self) -> Encoded:
        self._flush()
        return Encoded(self._ids, self._learn, self._clips)

    def _say(self, text: str) -> None:
        self._text += text

    def _flush(self) -> None:
        if self._text:
            ids = self._tokenizer.encode(self._text, add_special_tokens=False).ids
            self._ids += ids
            self._learn += [False] * len(ids)
            self._text = ""


def encode_dialogue(tokenizer: Tokenizer, dialogue: Dialogue) -> Encoded:
    """A whole conversation for training."""
    writer = PromptWriter(tokenizer)
    for index, (user, assistant) in enumerate(dialogue.turns):
        writer.user(user, tuple(clip for turn, clip in dialogue.clips if turn == index))
        writer.assistant(assistant, finished=index not in dialogue.open_ended)
    return writer.done()


def encode_question(
    tokenizer: Tokenizer, question: str, clips: tuple[int, ...] = (), history: Dialogue | None = None
) -> Encoded:
    """A conversation that ends where the answer is to begin."""
    writer = PromptWriter(tokenizer)
    earlier = history or Dialogue(())
    for index, (user, assistant) in enumerate(earlier.turns):
        writer.user(user, tuple(clip for turn, clip in earlier.clips if turn == index))
        writer.assistant(assistant, learn=False)
    writer.user(question, clips)
    return writer.done()
