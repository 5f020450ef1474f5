"""How a listing is kept true: its parts, its changes, whose second look they need, when it is due."""
