"""Files that people write, read with the place of every value: a mistake is shown where it is.

This room knows YAML and nothing of flows, listings or settings. It never guesses: a plain scalar
stays the words that were written (`No`, `on` and `12:30` are text), except in `Authored.value`,
where the YAML 1.2 core forms of `true`, `false`, `null`, integers and decimals become values.
"""

from authored.mistakes import Mistake, Mistakes, did_you_mean
from authored.model import shape
from authored.reading import Authored, Spot, read_file, read_text

__all__ = [
    "Authored",
    "Mistake",
    "Mistakes",
    "Spot",
    "did_you_mean",
    "read_file",
    "read_text",
    "shape",
]
