"""What free text means: a crisis, a need, a place, a command. Rules of files that authors write.

It decides nothing about what follows. It keeps no words: what a person typed goes in, names of
classes and of rules come out.
"""

from understanding.classes import COMMANDS, CRISES, NEEDS, CommandWord, Crisis, Heard, Need
from understanding.hearing import Understanding, read_understanding

__all__ = [
    "COMMANDS",
    "CRISES",
    "NEEDS",
    "CommandWord",
    "Crisis",
    "Heard",
    "Need",
    "Understanding",
    "read_understanding",
]
