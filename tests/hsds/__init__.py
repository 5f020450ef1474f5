"""HSDS: what goes out of the directory, what comes in, and what partners may ask."""
