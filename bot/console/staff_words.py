"""What roles and acts are called, for people. A test holds it to the table of roles."""

from collections.abc import Mapping
from typing import Final

from bot.console.said import N_
from bot.staff import Act, Role

ROLE_WORDS: Final[Mapping[Role, str]] = {
    "viewer": N_("Viewer"),
    "editor": N_("Editor"),
    "approver": N_("Approver"),
    "vetting_officer": N_("Vetting officer"),
    "translator": N_("Translator"),
    "operator": N_("Operator"),
    "lead": N_("Lead"),
    "administrator": N_("Administrator"),
    "auditor": N_("Auditor"),
}
ACT_WORDS: Final[Mapping[Act, str]] = {
    "directory.view": N_("Look at listings"),
    "directory.restricted": N_("See what is not public"),
    "directory.edit": N_("Propose changes and new listings"),
    "directory.approve": N_("Approve somebody else's changes, so that survivors see them"),
    "directory.check": N_("Write down that a listing was checked by a call"),
    "directory.suspend": N_("Take a listing down at once"),
    "directory.tasks": N_("Work on reports of wrong numbers"),
    "directory.vet": N_("Decide about the vetting of an organisation"),
    "directory.translate": N_("Translate"),
    "directory.review_text": N_("Review somebody else's translation"),
    "directory.merge": N_("Propose to merge duplicates"),
    "directory.import": N_("Import files"),
    "directory.export": N_("Export files"),
    "directory.purge": N_("Take a leaked address out of the history, two persons together"),
    "staff.manage": N_("Make, change and revoke accounts"),
    "keys.manage": N_("Make and revoke keys for partners"),
    "audit.read": N_("Read what staff did"),
    "help.read": N_("Read these pages of help"),
    "desk.work": N_("Answer people at the desk"),
    "desk.lead": N_("Lead the desk: see loads, join a chat with a reason, set hours"),
    "reports.read": N_("Read how much the service is used, in numbers that are not exact"),
}
DONE_WORDS: Final[Mapping[str, str]] = {
    "add": N_("account made"),
    "roles": N_("roles changed"),
    "revoke": N_("account revoked"),
    "reset": N_("new set-up code"),
    "set-up": N_("chose how to sign in"),
    "password": N_("other password"),
    "authenticator": N_("other authenticator"),
    "recovery-code": N_("signed in with a recovery code"),
    "recovery-codes": N_("new recovery codes"),
    "passkey": N_("passkey added"),
    "passkey-drop": N_("passkey taken away"),
    "key": N_("key for a partner made"),
    "key-revoke": N_("key for a partner revoked"),
}
