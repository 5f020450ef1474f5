"""Reports without people: weekly counts of one thing at a time, made inexact before they are kept.

They may not hold an event, a name, a time of day, or two things about one person beside each other.
"""
