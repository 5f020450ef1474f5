"""Files in and out of the directory, as people send them."""
