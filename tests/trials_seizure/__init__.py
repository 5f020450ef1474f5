"""What somebody finds who takes the machine, its database, its keys or its backups."""
