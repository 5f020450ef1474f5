"""A whole installation of processes, and what happens to them while people write."""
