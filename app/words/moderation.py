"""What people read about moderation: the published rules, signals, decisions, the queue."""

from flask_babel import lazy_gettext as _l

#: Each rule in two or three words.
RULE_NAMES: dict[str, object] = {
    "personal_data": _l("Personal data"),
    "threat": _l("Threats"),
    "hate": _l("Hatred of a group of people"),
    "insult": _l("Insults to a person"),
    "illegal_content": _l("Content that is itself a crime"),
    "impersonation": _l("Pretending to be someone else"),
    "advertising": _l("Advertising"),
    "duplicate": _l("The same text again"),
    "off_topic": _l("Nothing to do with the draft"),
}

#: What each rule covers, and where it ends.
RULE_SCOPES: dict[str, object] = {
    "personal_data": _l(
        "A national identification number, telephone number, e-mail address, home address, bank "
        "account, or facts about a person's health or family. The name of an official in "
        "connection with their office is not personal data in this sense."
    ),
    "threat": _l(
        "Announcing violence against a person or a group, or calling on others to commit it."
    ),
    "hate": _l(
        "Denying people their dignity because of origin, religion, sex, gender, disability, or any "
        "other thing that they are. Disagreeing with what a group wants is allowed."
    ),
    "insult": _l(
        "Words that only run a person down and say nothing about the matter. Hard criticism of "
        "what an official, a minister or an agency does is allowed."
    ),
    "illegal_content": _l(
        "Text whose publication is a crime in itself, such as offering drugs or sexual pictures of "
        "children. Calling for a law to be changed or repealed is never a crime in this sense."
    ),
    "impersonation": _l(
        "Writing in the name of a person, an organisation or an agency without the right to do so."
    ),
    "advertising": _l(
        "Selling or promoting something that has nothing to do with the consultation."
    ),
    "duplicate": _l(
        "The same person sending the same text again. The same opinion from different people is "
        "not a duplicate: each of them counts."
    ),
    "off_topic": _l(
        "Text that has no connection at all with the draft or with its effects. Saying that the "
        "draft is not needed, or that another problem is more urgent, is on the topic."
    ),
}

#: One example for each rule.
RULE_EXAMPLES: dict[str, object] = {
    "personal_data": _l("“Ask the landlord yourself, his number is 08x-xxx-xxxx.”"),
    "threat": _l("“Whoever votes for this will be waited for outside the town hall.”"),
    "hate": _l("“People of that religion should not be allowed to live here.”"),
    "insult": _l("“The person above me is an idiot.”"),
    "illegal_content": _l("“Pills for sale, send me a message.”"),
    "impersonation": _l("“On behalf of the Ministry I announce that the draft is withdrawn.”"),
    "advertising": _l("“Quick loans, no guarantor, add me on the chat.”"),
    "duplicate": _l("The same comment sent by one person five times on the same section."),
    "off_topic": _l("“Does anyone know when the football match starts?”"),
}

#: What the screen saw in a text, in a few words.
SIGNAL_NAMES: dict[str, object] = {
    "national_number": _l("National identification number"),
    "phone": _l("Telephone number"),
    "email": _l("E-mail address"),
    "bank_account": _l("Bank account number"),
    "links": _l("Many links"),
}

#: Why it was seen, for moderators. Signals advise, people decide.
SIGNAL_MEANINGS: dict[str, object] = {
    "national_number": _l("Thirteen digits whose check digit fits a national number."),
    "phone": _l("Digits in the form of a telephone number."),
    "email": _l("Text in the form of an e-mail address."),
    "bank_account": _l("Digits in the form of a bank account, or behind a word such as “account”."),
    "links": _l("More than two links."),
}

DECISION_NAMES: dict[str, object] = {
    "publish": _l("Publish"),
    "hold": _l("Hold"),
    "hide": _l("Hide"),
}

#: What each decision does, for the form.
DECISION_MEANINGS: dict[str, object] = {
    "publish": _l("Everyone can read it. If it was published already, it stays."),
    "hold": _l("Nobody else sees it for now. The author of a comment can change the words."),
    "hide": _l("Nobody else sees it. Its votes and its place are kept in case this is reversed."),
}

#: Parts of the queue.
TAB_NAMES: dict[str, object] = {
    "new": _l("New"),
    "flagged": _l("Reported"),
    "held": _l("Held"),
    "done": _l("Decided"),
}

#: To be merged into the names of all enumerations.
MODERATION_NAMES: dict[str, dict[str, object]] = {
    "rule": RULE_NAMES,
    "rule_scope": RULE_SCOPES,
    "rule_example": RULE_EXAMPLES,
    "signal": SIGNAL_NAMES,
    "signal_meaning": SIGNAL_MEANINGS,
    "decision_kind": DECISION_NAMES,
    "decision_meaning": DECISION_MEANINGS,
    "queue_tab": TAB_NAMES,
}
