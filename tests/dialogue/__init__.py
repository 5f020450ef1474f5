"""The dialogue core, tried as a pure function: no store, no clock, no channel."""
