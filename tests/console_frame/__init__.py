"""The frame of the console: sign-in, sessions, who may do what."""
