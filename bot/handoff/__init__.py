"""A human takes over: who waits, who answers, and what goes between them, sealed."""
