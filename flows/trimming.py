"""A script without the ways into one of its flows: for a service that does not offer what it does.

It decides nothing about what is said. The flow itself stays, so that whoever is in it can go on;
the version stays too, as every other place is what it was.
"""

from dataclasses import replace

from flows.grammar import Script


def without(script: Script, flow: str) -> Script:
    """The script in which no choice outside that flow leads into it."""
    steps = {
        name: step
        if step.flow == flow
        else replace(
            step,
            choices=tuple(
                choice for choice in step.choices if choice.way.to.partition("/")[0] != flow
            ),
        )
        for name, step in script.steps.items()
    }
    return replace(script, steps=steps)
