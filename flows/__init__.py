"""What the bot says: the flow language, its reader and the tools for those who write in it.

    reader   files → script          lint    what is wrong with a script that can be read
    table    script → moves          draw    a picture of it
    extract  words → catalogues      conversations   written-down talks that a script must keep

Nothing is imported here, so that `flows.grammar` costs nothing to those who need only the shapes.
"""
