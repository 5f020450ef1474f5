"""The whole script with the real words and the real directory, walked as people would."""
