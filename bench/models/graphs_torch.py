"""The same work as graphs.py in eager PyTorch: the modules that the graphs were exported from, with the graphs' weights."""

import json
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))
from gpt4video_training.export.restore import read_text, read_vision
from gpt4video_training.film.restore import restore_denoiser, restore_stage

MAKERS = {
    "vision.onnx": lambda path: read_vision(path.parent),
    "text-encoder.onnx": lambda path: read_text(path.parent),
    "film-denoiser.onnx": restore_denoiser,
    "film-decoder.onnx": restore_stage,
}
modules = {}


def module(path: str) -> torch.nn.Module:
    if path not in modules:
        modules[path] = MAKERS[Path(path).name](Path(path)).requires_grad_(False)
    return modules[path]


def value(shape: list[int], kind: str) -> torch.Tensor:
    if kind == "int64":
        return torch.ones(shape, dtype=torch.int64)
    return torch.sin(torch.arange(torch.Size(shape).numel(), dtype=torch.float32) * 0.37).reshape(shape)


def digest(outputs: torch.Tensor | tuple[torch.Tensor, ...]) -> float:
    first = outputs[0] if isinstance(outputs, tuple) else outputs
    return float(first.abs().mean())


torch.set_num_interop_threads(1)
print(json.dumps({"version": torch.__version__.split("+")[0]}), flush=True)
with torch.inference_mode():
    for line in sys.stdin:
        request = json.loads(line)
        torch.set_num_threads(request["threads"])
        work = [(module(g["path"]), [value(i["shape"], i["type"]) for i in g["inputs"].values()], g["times"]) for g in request["graphs"]]
        results = []
        begin, used = time.perf_counter(), time.process_time()
        for run, inputs, times in work:
            for _ in range(times):
                outputs = run(*inputs)
            results.append(outputs)
        answer = {"ms": (time.perf_counter() - begin) * 1000, "cpuMs": (time.process_time() - used) * 1000}
        print(json.dumps({**answer, "digests": [digest(outputs) for outputs in results]}), flush=True)
