"""Where training runs."""

from __future__ import annotations

import argparse

import torch


def add_device(parser: argparse.ArgumentParser) -> None:
    """`--device`, by default a CUDA card where there is one; `--workers`, processes that draw batches."""
    found = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--device", type=torch.device, default=torch.device(found))
    parser.add_argument("--workers", type=int, default=0, help="processes that draw; 0 = this one")
