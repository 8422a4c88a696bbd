"""Step 4's second command: calibrates the trained tower, chooses its thresholds, exports and measures it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from gpt4video_training.safety.export import export_tower
from gpt4video_training.safety.fit import judged
from gpt4video_training.safety.measure import by_category, by_source, operating_points, table_four
from gpt4video_training.safety.prepare import Prepared, prepare
from gpt4video_training.safety.report import write_report
from gpt4video_training.safety.restore import depth_of
from gpt4video_training.safety.served import served_scores
from gpt4video_training.safety.thresholds import calibrate, choose_thresholds, flagged
from gpt4video_training.safety.tower import Tower


def finish(prepared: Prepared, tower: Tower, graph: Path, most: float) -> tuple[dict[str, float], float]:
    """Calibrates and exports, and chooses thresholds by the graph's scores, on the rows kept for it.

    Returns the thresholds and the largest difference of the graph to PyTorch before quantisation.
    """
    chosen = prepared.parts["calibrate"]
    rows = [prepared.examples.rows[index] for index in chosen]
    calibrate(tower, judged(tower, prepared.examples, chosen), rows)
    apart = export_tower(tower, graph)
    return choose_thresholds(served_scores(graph, prepared.examples, chosen), rows, most), apart


def measure(prepared: Prepared, graph: Path, thresholds: dict[str, float]) -> dict[str, Any]:
    """Every table on the rows held out, and on the sources that no training row came from."""
    report: dict[str, Any] = {"thresholds": thresholds}
    report["rows"] = {name: len(chosen) for name, chosen in prepared.parts.items()}
    for name in ("test", "outside"):
        chosen = prepared.parts[name]
        rows = [prepared.examples.rows[index] for index in chosen]
        scores = served_scores(graph, prepared.examples, chosen)
        hit = flagged(scores, thresholds)
        report[name] = by_source(rows, hit)
        if name == "test":
            report["categories"] = by_category(rows, scores, hit)
            report["operating_points"] = operating_points(rows, scores.max(axis=1))
            report["table_4"] = table_four(rows, hit)
            report["curves"] = _curves(rows, scores.max(axis=1))
    return report


def _curves(rows: Any, worst: Any) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for name, kind in (("harmful", True), ("harmless", False)):
        values = [float(w) for w, row in zip(worst, rows, strict=True) if row.certain and row.harmful == kind]
        found[name] = sorted(round(value, 5) for value in values)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument(
        "--most", type=float, default=0.045, help="false refusals allowed while thresholds are chosen"
    )
    parser.add_argument("--command", default="make -C training safety-taught", help="as the report tells it")
    args = parser.parse_args()
    torch.set_num_threads(1)
    state = torch.load(args.work / "tower.pt", weights_only=True)
    tower = Tower(depth_of(state))
    tower.load_state_dict(state)
    prepared = prepare(args.data, args.work, args.bundle, len(tower.layers))
    graph = args.bundle / "text-safety.onnx"
    thresholds, apart = finish(prepared, tower.eval(), graph, args.most)
    report = {"command": args.command, **measure(prepared, graph, thresholds), "onnx_max_abs_diff": apart}
    (args.work / "thresholds.json").write_text(json.dumps(thresholds, indent=2))
    write_report(report, args.report)


if __name__ == "__main__":
    main()
