"""Runs ONNX graphs as asked, one line of JSON a request: {graphs: [{path, times, inputs: {name: {shape, type}}}], threads}."""

import json
import os
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
    begin, used = time.perf_counter(), os.times()
    for run, feeds, times in work:
        for _ in range(times):
            run.run(None, feeds)
    now = os.times()
    cpu = now.user + now.system - used.user - used.system
    print(json.dumps({"ms": (time.perf_counter() - begin) * 1000, "cpuMs": cpu * 1000}), flush=True)
