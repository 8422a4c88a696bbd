"""Shapes, and the one thing time embeddings are for: order matters only with them."""

import torch
from torch import nn

from gpt4video_training.abstractor.model import Abstractor


def _awake(timed: bool) -> Abstractor:
    """An untrained abstractor whose word network, which starts silent, has a say."""
    model = Abstractor(time_embeddings=timed).eval()
    last = model.words[2]
    assert isinstance(last, nn.Linear)
    nn.init.normal_(last.weight, std=0.1)
    return model


def test_tokens_have_the_shape_of_the_contract() -> None:
    assert Abstractor()(torch.randn(2, 4, 65, 256)).shape == (2, 65, 576)


def test_without_time_embeddings_the_order_of_frames_is_lost() -> None:
    torch.manual_seed(0)
    features = torch.randn(1, 4, 65, 256)
    blind, timed = _awake(timed=False), _awake(timed=True)
    with torch.no_grad():
        assert torch.allclose(blind(features), blind(features.flip(1)), atol=1e-3)
        assert not torch.allclose(timed(features), timed(features.flip(1)), atol=1e-2)
