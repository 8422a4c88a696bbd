"""Runs ONNX graphs as asked, one line of JSON a request: {graphs: [{path, times, inputs: {name: {shape, type}}}], threads}."""

import json
import sys
import time

import numpy as np
import onnxruntime

sessions = {}


def session(path: str, threads: int) -> onnxruntime.InferenceSession:
    if path not in sessions:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        sessions[path] = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return sessions[path]


def value(shape: list[int], kind: str) -> np.ndarray:
    count = int(np.prod(shape))
    if kind == "int64":
        return np.ones(shape, np.int64)
    return np.sin(np.arange(count, dtype=np.float32) * np.float32(0.37)).reshape(shape)


print(json.dumps({"version": onnxruntime.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    work = [(session(g["path"], request["threads"]), {n: value(i["shape"], i["type"]) for n, i in g["inputs"].items()}, g["times"]) for g in request["graphs"]]
    results = []
    # os.times counts in hundredths of a second, too coarse here.
    begin, used = time.perf_counter(), time.process_time()
    for run, feeds, times in work:
        for _ in range(times):
            outputs = run.run(None, feeds)
        results.append(outputs[0])
    answer = {"ms": (time.perf_counter() - begin) * 1000, "cpuMs": (time.process_time() - used) * 1000}
    print(json.dumps({**answer, "digests": [float(np.abs(first).mean()) for first in results]}), flush=True)
