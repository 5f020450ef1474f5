"""Ways in which messages come and go. One file a channel; the contract for all is in `contract`."""
