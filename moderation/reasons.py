"""The closed list of rules by which a contribution may be held or hidden, as published to everyone.

Criticism of the government, of an agency, of a law or of an official's work is never a reason: no
rule covers it, and none may be added that does. The words of each rule are in the catalogues.
"""

from dataclasses import dataclass
from typing import Final

from core.errors import InvalidError

#: Raised whenever a rule is added, dropped or reworded; every decision keeps the one it used.
RULES_VERSION: Final = "1"


@dataclass(frozen=True)
class Rule:
    """One published rule.

    Parameters
    ----------
    code : str
        Stable name; the words for it are in the catalogues.
    may_hide : bool
        Whether breaking it may take a contribution away for good. Otherwise it may only be held,
        so that its author can word it anew or join the discussion where it belongs.
    """

    code: str
    may_hide: bool


#: In the order in which they are shown.
RULES: Final = (
    Rule("personal_data", may_hide=True),
    Rule("threat", may_hide=True),
    Rule("hate", may_hide=True),
    Rule("insult", may_hide=False),
    Rule("illegal_content", may_hide=True),
    Rule("impersonation", may_hide=True),
    Rule("advertising", may_hide=True),
    Rule("duplicate", may_hide=False),
    Rule("off_topic", may_hide=False),
)

_BY_CODE: Final = {rule.code: rule for rule in RULES}


def find_rule(code: str) -> Rule:
    """Return the rule with this code.

    Raises
    ------
    InvalidError
        ``rule.needed`` when empty, ``rule.unknown`` when no rule has the code; field ``rule``.
    """
    if not code:
        raise InvalidError("rule.needed", field="rule")
    found = _BY_CODE.get(code)
    if found is None:
        raise InvalidError("rule.unknown", field="rule")
    return found
