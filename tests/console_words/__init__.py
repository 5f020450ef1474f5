"""The words of the console, in the languages of those who work there."""
