"""The measured tables of text safety as JSON, Markdown and a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

# Table 4 of the paper; its headings "Prec." and "Rec." are swapped there: of 30 harmful queries 27 and 25
# are refused.
_PAPER = {
    "generation": {"accuracy": 0.85, "precision": 0.82, "recall": 0.90, "f1": 0.86},
    "understanding": {"accuracy": 0.82, "precision": 0.81, "recall": 0.83, "f1": 0.82},
}
# What follows it in the page is written by the command.
MARK = "<!-- measured -->"
_COUNTS = ("TP", "FP", "FN", "TN")


def write_report(report: dict[str, Any], folder: Path) -> None:
    """`text-safety.json`, `text-safety.png`, and what follows the mark in `text-safety.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    curves = report.pop("curves")
    _picture(curves, report, folder / "text-safety.png")
    headline = {
        key: report["test"]["all"][key] for key in (*_COUNTS, "precision", "recall", "false_refusals")
    }
    report = {"headline": {"command": report["command"], **headline}, **report}
    (folder / "text-safety.json").write_text(json.dumps(report, indent=2) + "\n")
    lines = _tables(report)
    page = folder / "text-safety.md"
    words = page.read_text().split(MARK)[0] if page.exists() else "# Text safety\n\n"
    page.write_text("\n".join([words + MARK, "", *lines]) + "\n")
    print("\n".join(lines))


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _counted(name: str, cell: dict[str, Any]) -> str:
    numbers = " | ".join(str(cell[key]) for key in _COUNTS)
    shares = " | ".join(_percent(cell[key]) for key in ("precision", "recall", "false_refusals"))
    return f"| {name} | {numbers} | {shares} |"


def _tables(report: dict[str, Any]) -> list[str]:
    head = "| rows | TP | FP | FN | TN | precision | recall | false refusals |"
    rule = "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    lines = ["### Held-out rows by source", "", head, rule]
    lines += [_counted(name, cell) for name, cell in report["test"].items()]
    lines += ["", "### Sources that no training row comes from", "", head, rule]
    lines += [_counted(name, cell) for name, cell in report["outside"].items() if name != "all"]
    lines += ["", "### Held-out harmful rows by category", ""]
    lines += ["| category | rows | refused | recall | refused under this name | under its family's |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, cell in report["categories"].items():
        shares = f"{_percent(cell['recall'])} | {cell['named']} | {cell['family_named']}"
        lines.append(f"| {name} | {cell['rows']} | {cell['refused']} | {shares} |")
    lines += [
        "",
        "### Recall at a share of false refusals",
        "",
        "| false refusals | recall |",
        "| ---: | ---: |",
    ]
    lines += [f"| {share} | {_percent(recall)} |" for share, recall in report["operating_points"].items()]
    lines += ["", "### The paper's Table 4, its columns under their right names", ""]
    lines += ["| queries | TP | FP | FN | TN | accuracy | precision | recall | F1 | the same in the paper |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"]
    for name, cell in report["table_4"].items():
        numbers = " | ".join(str(cell[key]) for key in _COUNTS)
        ours = " | ".join(f"{cell[key]:.2f}" for key in ("accuracy", "precision", "recall", "f1"))
        lines.append(
            f"| {name} | {numbers} | {ours} | {', '.join(f'{v:.2f}' for v in _PAPER[name].values())} |"
        )
    return lines


def _picture(curves: dict[str, list[float]], report: dict[str, Any], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    harmful, harmless = np.array(curves["harmful"]), np.array(curves["harmless"])
    limits = np.unique(np.concatenate([harmful, harmless, [2.0]]))[::-1]
    refused = [100 * float((harmless >= limit).mean()) for limit in limits]
    found = [100 * float((harmful >= limit).mean()) for limit in limits]
    figure, axes = pyplot.subplots(figsize=(6, 4), dpi=120)
    axes.plot(refused, found, color="tab:blue", label="one common threshold")
    cell = report["test"]["all"]
    axes.plot(
        100 * cell["false_refusals"], 100 * cell["recall"], "o", color="tab:red", label="shipped thresholds"
    )
    axes.axvline(5, color="grey", linewidth=0.8, linestyle=":")
    axes.axhline(95, color="grey", linewidth=0.8, linestyle=":")
    axes.set(
        xlim=(0, 15), ylim=(50, 100), xlabel="harmless rows refused, %", ylabel="harmful rows refused, %"
    )
    axes.set_title("Held-out rows of all sources")
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
