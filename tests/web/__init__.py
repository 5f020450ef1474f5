"""The page as browsers show it: with its script and without, in every language and direction."""
