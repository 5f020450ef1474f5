"""What documents tell people to type is held against what there is."""
