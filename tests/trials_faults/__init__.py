"""What befalls the service from outside: Telegram's moods, its database, its disk, its clock."""
