"""Who is on shift, when the desk is open, and what is counted of it."""
