"""What a reader chose to see of a discussion, as the address holds it."""

from dataclasses import dataclass

from flask import request

from consultations.queries.discussion_order import Filters, Order

#: Longest words that are looked for, in characters.
LONGEST = 100


@dataclass(frozen=True)
class Choices:
    """Order and filters, and how an address names them."""

    order: Order
    filters: Filters

    @property
    def clause(self) -> str:
        """The clause's key; ``all`` where none was chosen."""
        return "all" if self.filters.clause_key is None else self.filters.clause_key

    @property
    def answered(self) -> str:
        """Whether only answered comments are wanted: yes, no, or nothing."""
        return {True: "yes", False: "no", None: ""}[self.filters.answered]

    @property
    def is_filtered(self) -> bool:
        """Whether some comments are left out."""
        return self.filters != Filters()

    @property
    def arguments(self) -> dict[str, str]:
        """What an address of the same choice holds."""
        given = {
            "theme": self.filters.theme_key,
            "stance": self.filters.stance,
            "answered": self.answered,
            "q": self.filters.words,
        }
        always = {"clause": self.clause, "order": str(self.order)}
        return always | {key: value for key, value in given.items() if value}


def choices_made() -> Choices:
    """Read the address; what it does not know counts as not chosen."""
    clause = request.args.get("clause", "all")
    try:
        order = Order(request.args.get("order", ""))
    except ValueError:
        order = Order.RECENT
    filters = Filters(
        clause_key=None if clause == "all" else clause[:64],
        theme_key=request.args.get("theme", "")[:64],
        stance=request.args.get("stance", "")[:32],
        answered={"yes": True, "no": False}.get(request.args.get("answered", "")),
        words=request.args.get("q", "").replace("\x00", "").strip()[:LONGEST],
    )
    return Choices(order, filters)
