"""The command that runs trials, and the list of them."""
