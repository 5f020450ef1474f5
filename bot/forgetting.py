"""Has what was said leave the memory of the process once nobody needs it.

It decides how often what is no longer used is looked for. A request, its answer and its task hold
each other, so that only such a look lets go of the words in them; and Python looks rarely when
there is little to do. What is let go of is written over by the system's own allocator, where it was
told to, as our units and our image do: `PYTHONMALLOC=malloc` has Python use it for all,
`MALLOC_PERTURB_=165` has it write over what it gets back, and without `tcache_count=0` it would put
pieces of up to a thousand bytes aside as they are. It must not know what anything says.
"""

import asyncio
import gc
from typing import Final

EVERY_SECONDS: Final = 60.0
USUAL: Final = (700, 10, 10)
"""After how much Python itself looks, if nobody says otherwise."""


async def forgets() -> None:
    """Looks each minute, for ever. Start it once everything was built: what is there by then stays
    as it is, and is not looked through again, so that a look takes less than a millisecond.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*USUAL)
    try:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            gc.collect()
    finally:
        gc.unfreeze()
