"""Reads the C2PA manifest of each MP4 named on the command line with the C2PA SDK for Python; one JSON object a line."""

import json
import sys

import c2pa

for path in sys.argv[1:]:
    try:
        with open(path, "rb") as film:
            store = json.loads(c2pa.Reader("video/mp4", film).json())
        print(json.dumps({"state": store["validation_state"], "codes": [entry["code"] for entry in store.get("validation_status") or []], "store": store}))
    except Exception as error:
        print(json.dumps({"state": "unreadable", "codes": [], "error": str(error)}))
