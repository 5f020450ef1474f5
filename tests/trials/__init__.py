"""The whole program in real processes, under what may happen to it: kills, faults, crowds."""
