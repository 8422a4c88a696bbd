"""The prompt is the server's, token for token, and only answers are taught."""

from tokenizers import Tokenizer

from gpt4video_training.data.dialogues import Dialogue
from gpt4video_training.language import prompt


def text_of(tokenizer: Tokenizer, ids: list[int]) -> str:
    letters = {v: k for k, v in tokenizer.get_vocab().items()}
    return "".join(letters[i] for i in ids).replace("Ġ", " ").replace("Ċ", "\n")


def test_a_question_about_a_clip(tokenizer: Tokenizer) -> None:
    encoded = prompt.encode_question(tokenizer, "What?", (0,))
    position, clip = encoded.clips[0]
    before = text_of(tokenizer, encoded.ids[:position])
    after = text_of(tokenizer, encoded.ids[position + prompt.VISUAL_TOKENS :])
    assert clip == 0
    assert before == f"<|im_start|>system\n{prompt.SYSTEM}<|im_end|>\n<|im_start|>user\n<video>"
    assert after == "</video>\nWhat?<|im_end|>\n<|im_start|>assistant\n"


def test_only_answers_and_their_ends_are_taught(tokenizer: Tokenizer) -> None:
    encoded = prompt.encode_dialogue(tokenizer, Dialogue((("Hi", "Yes"), ("So", "No")), ((0, 0),)))
    taught = [i for i, learn in zip(encoded.ids, encoded.learn, strict=True) if learn]
    assert text_of(tokenizer, taught) == "Yes<|im_end|>No<|im_end|>"


def test_an_answer_that_was_cut_does_not_teach_its_end(tokenizer: Tokenizer) -> None:
    dialogue = Dialogue((("Hi", "Yes"),), (), frozenset({0}))
    encoded = prompt.encode_dialogue(tokenizer, dialogue)
    taught = [i for i, learn in zip(encoded.ids, encoded.learn, strict=True) if learn]
    assert text_of(tokenizer, taught) == "Yes"
