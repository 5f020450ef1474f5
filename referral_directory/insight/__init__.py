"""What a directory as a whole shows: what stands in it twice, and where nobody is.

It looks at contents and at what is served, and changes neither.
"""
