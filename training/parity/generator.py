"""Vectors of the generator itself: scripts/parity/generator.mjs."""

from __future__ import annotations

from fixture import digest, write
from weights import Spread, ids, values


def case(count: int) -> dict:
    return {
        "geometry": f"{count:,} values",
        "inputs": {"count": count, "names": ["visual_fc.weight", "Gewicht/é"]},
        "outputs": {
            "visual_fc.weight": digest(values("visual_fc.weight", (count,), Spread(0.0541266)), 1000),
            "Gewicht/é": digest(values("Gewicht/é", (count,), Spread(0.2, 1.0)), 1000),
            "ids": digest(ids("ids", (count,), 49408), 1000),
        },
    }


if __name__ == "__main__":
    write("generator", __file__, {"small": case(5000), "full": case(20_000_000)})
