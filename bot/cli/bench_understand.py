"""`quietline bench understand`: what it costs to hear a message, warm, and to get ready to.

Each language hears its own development sentences, all of them, in an order that is not theirs:
what is asked twice in a row is asked of warm processor caches, and people do not do that.
"""

import json
import time
from statistics import mean, median

from bot.cli.understand import LANGUAGES, SENTENCES, loaded
from understanding.evaluating import sentences_of

ROUNDS = 3


def run_bench_understand(*, as_json: bool) -> int:
    """Measure and print the figures: microseconds a message, seconds to be ready."""
    begun = time.perf_counter()
    understanding = loaded()
    ready = time.perf_counter() - begun
    figures: dict[str, float] = {"ready_s": round(ready, 2)}
    whole: list[float] = []
    for language in LANGUAGES:
        texts = [one.text for one in sentences_of(SENTENCES / "development", language)]
        texts.sort(key=lambda text: text[::-1])
        for text in texts[:200]:
            understanding.hear(text, language)
        times = []
        for _ in range(ROUNDS):
            for text in texts:
                start = time.perf_counter()
                understanding.hear(text, language)
                times.append(time.perf_counter() - start)
        figures[f"us_{language}"] = round(mean(times) * 1e6, 1)
        whole += times
    whole.sort()
    figures["us_mean"] = round(mean(whole) * 1e6, 1)
    figures["us_median"] = round(median(whole) * 1e6, 1)
    figures["us_p99"] = round(whole[int(len(whole) * 0.99)] * 1e6, 1)
    figures["messages"] = len(whole)
    if as_json:
        print(json.dumps(figures))
        return 0
    for name, value in figures.items():
        print(f"{name:>12}  {value}")
    return 0
