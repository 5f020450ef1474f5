"""The desk of operators behind a real console: who reads what, and who does not."""
