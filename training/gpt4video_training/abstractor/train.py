"""Step 1: the abstractor learns to say the canonical scene sentence in word embeddings.

The language model is not run. Its input embeddings of the sentence's words are
the targets: a softmax over distances picks the word, a squared error brings
the token onto it. One layer's heads are shown where each actor is in each frame;
the path that they point along says what moved where.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from gpt4video_training.abstractor.cache import Clips, load_clips
from gpt4video_training.abstractor.model import FRAMES, QUERIES, Abstractor
from gpt4video_training.curves import Curve
from gpt4video_training.data.slots import FILLER, LENGTH, NONE, SLOTS, VOCABULARY

RATE = 6e-4
_NONE = VOCABULARY.index(NONE)
_SLOT_WEIGHTS = torch.tensor([2.5 if slot.name[:-1] in ("first", "then") else 1.0 for slot in SLOTS])
_MOVES = torch.tensor([i for i, s in enumerate(SLOTS) if s.name[:-1] in ("first", "then")])
POSITIONS = torch.tensor([slot.position for slot in SLOTS])
_BOUND = [slot for slot in SLOTS if slot.actor is not None]
_BOUND_POSITIONS = torch.tensor([slot.position for slot in _BOUND])
_BOUND_ACTORS = torch.tensor([slot.actor or 0 for slot in _BOUND])


class WordLoss(nn.Module):
    """How far tokens [B,64,576] are from the words they should be.

    `words` [V,576] are the language model's embeddings of `VOCABULARY`.
    """

    def __init__(self, words: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("words", words)
        self.words: torch.Tensor
        distances = torch.cdist(words, words).square()
        self.spread = float(distances[distances > 0].mean())
        allowed = torch.zeros(LENGTH, len(VOCABULARY), dtype=torch.bool)
        for slot in SLOTS:
            for word in slot.words:
                allowed[slot.position, VOCABULARY.index(word)] = True
        self.register_buffer("allowed", allowed)
        self.allowed: torch.Tensor

    def logits(self, tokens: torch.Tensor) -> torch.Tensor:
        """Scores of the words allowed in each variable slot, [B,slots,576] -> [B,slots,V]."""
        squared = (
            tokens.square().sum(-1, keepdim=True)
            - 2 * tokens @ self.words.T
            + self.words.square().sum(-1)
        )
        scores = -8.0 * squared / self.spread
        return scores.masked_fill(~self.allowed[POSITIONS], -1e4)

    def forward(
        self, tokens: torch.Tensor, target: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Cross-entropy (nats), relative squared error of all words, right slots [B,slots]."""
        entropy, _, right = self.slots(tokens[:, POSITIONS], target)
        error = (tokens[:, :LENGTH] - self.words[target]).square().sum(-1).mean() / self.spread
        return entropy, error, right

    def slots(
        self, chosen: torch.Tensor, target: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The same for the tokens of the variable slots alone, [B,slots,576]."""
        logits = self.logits(chosen)
        wanted = target[:, POSITIONS]
        each = nn.functional.cross_entropy(
            logits.flatten(0, 1), wanted.flatten(), reduction="none"
        ).view(wanted.shape)
        weight = torch.where(wanted == _NONE, 0.3, _SLOT_WEIGHTS)
        entropy = (each * weight).sum() / weight.sum()
        error = (chosen - self.words[wanted]).square().sum(-1).mean() / self.spread
        return entropy, error, logits.argmax(-1) == wanted


def attention_loss(weights: torch.Tensor, owners: torch.Tensor) -> torch.Tensor:
    """Head f of the watched layer should look at the slot's own actor in frame f.

    `weights` [B,H,128,260], `owners` [B,4,64]; -log of the attention that lands there.
    """
    batch = weights.shape[0]
    mine = owners[:, :, None, :] == (_BOUND_ACTORS + 1)[None, None, :, None]
    seen = mine.any(-1)
    losses = []
    for half in (0, QUERIES):
        chosen = weights[:, :FRAMES, half + _BOUND_POSITIONS]
        keys = chosen.view(batch, FRAMES, len(_BOUND), FRAMES, -1)
        own_frame = torch.stack([keys[:, f, :, f, 1:] for f in range(FRAMES)], dim=1)
        landed = (own_frame * mine).sum(-1)
        losses.append(-(landed + 1e-4).log()[seen].mean())
    return torch.stack(losses).mean()


def sample(
    clips: Clips, index: np.ndarray, rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Features [B,4,65,256], sentences [B,64], owners [B,4,64]; half of them run backwards."""
    features = clips.features[index].astype(np.float32)
    owners = clips.owners[index].astype(np.int64)
    wanted = clips.forward[index].astype(np.int64)
    turn = (rng.random(len(index)) < 0.5) & (clips.backward[index, 0] >= 0)
    features[turn] = features[turn, ::-1]
    owners[turn] = owners[turn, ::-1]
    wanted[turn] = clips.backward[index[turn]]
    return torch.from_numpy(features), torch.from_numpy(wanted), torch.from_numpy(owners)


def train(
    clips: Clips, words: torch.Tensor, out: Path, minutes: float, batch: int, seed: int = 3
) -> Abstractor:
    """Writes `abstractor.pt`, picking up where an earlier run stopped; lr falls to zero."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model, loss = Abstractor(), WordLoss(words)
    # The end token is a full stop, so that nothing strange follows the sentence.
    model.vit_eos.data.copy_(words[VOCABULARY.index(FILLER)])
    checkpoint = out / "abstractor.pt"
    if checkpoint.exists():
        model.load_state_dict(torch.load(checkpoint))
    learned = list(model.parameters())
    optimiser = torch.optim.AdamW(learned, lr=RATE, weight_decay=0.02, betas=(0.9, 0.98))
    curve, start, step = Curve(out / "abstractor"), time.time(), 0
    while (progress := (time.time() - start) / (60 * minutes)) < 1:
        rate = RATE * min(1.0, (step + 1) / 40) * min(1.0, 1.7 * (1 - progress))
        for group in optimiser.param_groups:
            group["lr"] = rate
        features, wanted, owners = sample(clips, rng.integers(0, len(clips), batch), rng)
        with torch.autocast("cpu", torch.bfloat16):
            states, weights = model.look_closely(features)
            tokens = model.speak(states)
        entropy, error, right = loss(tokens, wanted)
        looked = attention_loss(weights, owners)
        optimiser.zero_grad()
        (3 * entropy + error + 0.3 * looked).backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        actual = right.float().mean(0)
        curve.add(
            step,
            words=entropy.item(),
            error=error.item(),
            looked=looked.item(),
            moves=float(actual[_MOVES].mean()),
            right=float(actual.mean()),
            all_right=float(right.all(1).float().mean()),
        )
        step += 1
        if step % 25 == 0:
            print(f"step {step} {curve.recent()} {time.time() - start:.0f} s", flush=True)
        if step % 50 == 0:
            torch.save(model.state_dict(), checkpoint)
    torch.save(model.state_dict(), checkpoint)
    curve.plot()
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True, help="language/words.pt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=22)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    words = torch.load(args.words)
    train(load_clips(args.clips), words, args.out, args.minutes, args.batch, args.seed)


if __name__ == "__main__":
    main()
