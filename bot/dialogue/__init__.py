"""The dialogue core: `hear` and `step`. Nothing in this room does I/O, reads a clock, rolls a die
or logs.
"""
