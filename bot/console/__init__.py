"""The console: pages for those who keep the directory, on a listener of their own."""
