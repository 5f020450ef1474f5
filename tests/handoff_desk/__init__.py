"""The desk: who waits, who takes whom, what the clock brings."""
