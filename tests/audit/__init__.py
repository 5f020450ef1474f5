"""What staff did, in a chain."""
