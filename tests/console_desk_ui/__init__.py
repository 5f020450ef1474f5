"""Two operators and a lead work at the desk in a real browser."""
