"""One conversation, whatever channel carries it."""
