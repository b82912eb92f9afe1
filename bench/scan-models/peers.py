"""Reads paths from standard input, one a line, and says what each peer makes of them, one JSON line a path.

A peer says "flagged", "passed" or "unread" (an error, a file that it skipped, or no answer in ten seconds).
"""

import json
import logging
import signal
import sys
import time
from pathlib import Path

logging.disable(logging.CRITICAL)


def picklescan(path):
    from picklescan.scanner import scan_file_path

    result = scan_file_path(path)
    if result.issues_count > 0:
        return "flagged"
    return "unread" if result.scan_err or result.scanned_files == 0 else "passed"


def modelscan(path):
    from modelscan.modelscan import ModelScan

    scanner = ModelScan()
    results = scanner.scan(Path(path))
    summary = results["summary"]
    if summary["total_issues"] > 0:
        return "flagged"
    if results["errors"] or summary["scanned"]["total_scanned"] == 0:
        return "unread"
    return "passed"


def fickling(path):
    from fickling.analysis import check_safety
    from fickling.fickle import Pickled, StackedPickle

    with open(path, "rb") as file:
        stacked = StackedPickle.load(file)
    if len(stacked) == 0:
        return "unread"
    return "passed" if all(check_safety(one).severity.name == "LIKELY_SAFE" for one in stacked) else "flagged"


PEERS = {"picklescan": picklescan, "ModelScan": modelscan, "fickling": fickling}


def versions():
    from importlib.metadata import version

    return {name: version(name.lower()) for name in PEERS}


# some samples keep a reader busy for hours: what has not answered by then has said nothing
SECONDS = 10


def give_up(signum, frame):
    raise TimeoutError


signal.signal(signal.SIGALRM, give_up)
print(json.dumps({"versions": versions()}), flush=True)
for line in sys.stdin:
    path = line.rstrip("\n")
    said = {}
    for name, peer in PEERS.items():
        before = time.process_time()
        try:
            signal.alarm(SECONDS)
            verdict = peer(path)
        except BaseException as error:  # a peer that crashes has said nothing
            if isinstance(error, KeyboardInterrupt):
                raise
            verdict = "unread"
        finally:
            signal.alarm(0)
        said[name] = {"verdict": verdict, "seconds": time.process_time() - before}
    print(json.dumps({"path": path, "said": said}), flush=True)
