"""Shapes, and the one thing time embeddings are for: order matters only with them."""

import torch

from gpt4video_training.abstractor.model import Abstractor


def test_tokens_have_the_shape_of_the_contract() -> None:
    assert Abstractor()(torch.randn(2, 4, 65, 256)).shape == (2, 65, 576)


def test_without_time_embeddings_the_order_of_frames_is_lost() -> None:
    torch.manual_seed(0)
    features = torch.randn(1, 4, 65, 256)
    blind, timed = Abstractor(time_embeddings=False).eval(), Abstractor().eval()
    with torch.no_grad():
        assert torch.allclose(blind(features), blind(features.flip(1)), atol=1e-4)
        assert not torch.allclose(timed(features), timed(features.flip(1)), atol=1e-2)
