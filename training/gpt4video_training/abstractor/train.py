"""Step 1: the abstractor learns to say the canonical scene sentence in word embeddings.

The language model is not run. Its input embeddings of the sentence's words are
the targets: a softmax over distances picks the word, a squared error brings
the token onto it. One layer's heads are shown where each actor is in each frame,
and its output must tell the path: what moved where follows from that.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from gpt4video_training.abstractor.cache import Clips, load_clips
from gpt4video_training.abstractor.model import FRAMES, QUERIES, WIDTH, Abstractor
from gpt4video_training.curves import Curve
from gpt4video_training.data.slots import FILLER, LENGTH, NONE, SLOTS, VOCABULARY

WATCHED = 1
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
        """Scores of the words allowed in each variable slot, [B,slots,V]."""
        chosen = tokens[:, POSITIONS]
        squared = (
            chosen.square().sum(-1, keepdim=True)
            - 2 * chosen @ self.words.T
            + self.words.square().sum(-1)
        )
        scores = -8.0 * squared / self.spread
        return scores.masked_fill(~self.allowed[POSITIONS], -1e4)

    def forward(
        self, tokens: torch.Tensor, target: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Cross-entropy (nats), relative squared error, right slots [B,slots]."""
        logits = self.logits(tokens)
        wanted = target[:, POSITIONS]
        each = nn.functional.cross_entropy(
            logits.flatten(0, 1), wanted.flatten(), reduction="none"
        ).view(wanted.shape)
        weight = torch.where(wanted == _NONE, 0.3, _SLOT_WEIGHTS)
        entropy = (each * weight).sum() / weight.sum()
        error = (tokens[:, :LENGTH] - self.words[target]).square().sum(-1).mean() / self.spread
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


class PathHead(nn.Module):
    """Temporal query states of bound slots [B,slots,D] -> x, y, extent, seen in four frames."""

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        self.out = nn.Linear(width, FRAMES * 4)

    def loss(self, output: torch.Tensor, owners: torch.Tensor) -> torch.Tensor:
        """Mean absolute error of the paths that the patches' owners [B,4,64] show."""
        states = output[:, QUERIES + _BOUND_POSITIONS].float()
        told = self.out(states).view(len(owners), len(_BOUND), FRAMES, 4)
        truth, known = paths_of(owners)
        error = (told - truth).abs()
        where = (error[..., :3].mean(-1) * truth[..., 3] + 0.3 * error[..., 3])[known]
        return where.mean()


def paths_of(owners: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Path [B,slots,4,4] of each bound slot's actor, and where it is in the clip at all.

    x and y run from -1 to 1, extent is the root of the share of patches, seen 0 or 1.
    """
    mine = (owners[:, :, None, :] == (_BOUND_ACTORS + 1)[None, None, :, None]).transpose(1, 2)
    line = torch.linspace(-1, 1, 8)
    x, y = line.repeat(8), line.repeat_interleave(8)
    area = mine.sum(-1).float()
    safe = area.clamp(min=1)
    path = torch.stack(
        [(mine * x).sum(-1) / safe, (mine * y).sum(-1) / safe, (area / 64).sqrt() * 2, (area > 0).float()],
        dim=-1,
    )
    return path, (area > 0).any(-1)[..., None].expand(-1, -1, FRAMES)


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
    head = PathHead()
    checkpoint = out / "abstractor.pt"
    if checkpoint.exists():
        model.load_state_dict(torch.load(checkpoint))
    paths = out / "paths.pt"
    if paths.exists():
        head.load_state_dict(torch.load(paths))
    learned = [*model.parameters(), *head.parameters()]
    optimiser = torch.optim.AdamW(learned, lr=RATE, weight_decay=0.02, betas=(0.9, 0.98))
    curve, start, step = Curve(out / "abstractor"), time.time(), 0
    while (progress := (time.time() - start) / (60 * minutes)) < 1:
        rate = RATE * min(1.0, (step + 1) / 40) * min(1.0, 1.7 * (1 - progress))
        for group in optimiser.param_groups:
            group["lr"] = rate
        features, wanted, owners = sample(clips, rng.integers(0, len(clips), batch), rng)
        with torch.autocast("cpu", torch.bfloat16):
            tokens, seen = model.with_weights(features, WATCHED)
        assert seen is not None
        entropy, error, right = loss(tokens, wanted)
        looked = attention_loss(seen.weights, owners)
        path = head.loss(seen.output, owners)
        optimiser.zero_grad()
        (3 * entropy + error + 0.3 * looked + 2 * path).backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        actual = right.float().mean(0)
        curve.add(
            step,
            words=entropy.item(),
            error=error.item(),
            looked=looked.item(),
            path=path.item(),
            moves=float(actual[_MOVES].mean()),
            right=float(actual.mean()),
            all_right=float(right.all(1).float().mean()),
        )
        step += 1
        if step % 25 == 0:
            print(f"step {step} {curve.recent()} {time.time() - start:.0f} s", flush=True)
        if step % 50 == 0:
            torch.save(model.state_dict(), checkpoint)
            torch.save(head.state_dict(), paths)
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
