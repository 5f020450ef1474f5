"""The whole program with a desk: people on every channel, operators in real browsers."""
