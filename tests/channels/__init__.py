"""What people meet at the channels: the page without JavaScript and the terminal."""
