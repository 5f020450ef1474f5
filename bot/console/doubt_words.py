"""The sentences of doubts, once more, so that whoever translates the console finds them here.

They are said by `referral_directory.keeping`, which knows no languages; a test holds the two alike.
"""

from typing import Final

from bot.console.said import N_

DOUBTS: Final = (
    N_("It holds a mark that cannot be seen or that turns the direction of reading."),
    N_("One word mixes letters of different scripts that may look the same."),
    N_("It is written in letters of another script that look like Latin ones."),
    N_("It holds full-width or styled letters or digits instead of plain ones."),
    N_("It holds digits other than 0 to 9."),
    N_("The name of the site is written in code (xn--), so what it says is not seen."),
    N_("The part before '@' or '\\' is not the site that is opened."),
    N_("It is a number of a machine, not the name of a site."),
    N_("This name leads to no public site."),
    N_("It is a shortened address: nobody can see where it leads."),
    N_("It names a port: pages for the public have none."),
    N_("It is not https: what is read there can be changed on the way."),
    N_("It cannot be read as a web address."),
    N_("The number does not fit the public numbering plan of its country."),
    N_("The number is one of another country than the listing."),
    N_("Calling this number costs more than usual and stands on the bill."),
    N_("What is shown is another number than what is dialled."),
    N_("A short number does not work from abroad."),
    N_("This day is still to come."),
    N_("This closure is over; take it out."),
    N_("A closure begins within two weeks."),
    N_("This text does not seem to be in its language."),
)
