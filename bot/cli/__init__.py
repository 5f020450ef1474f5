"""The commands, one file for each family. They put the parts together and decide nothing."""
