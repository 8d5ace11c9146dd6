"""Form to look for consultations."""

from flask_babel import lazy_gettext as _l
from wtforms import SearchField, SelectField

from app.forms import BaseForm, choices
from app.words import options
from consultations.announcement import Kind
from consultations.queries.finder import Filters, Standing


class FinderForm(BaseForm):
    """Words, standing and kind; sent in the address, so that a search can be shared."""

    q = SearchField(_l("Title or agency"))
    stage = SelectField(
        _l("Stage"),
        choices=choices([("", _l("Any stage")), *options("standing")]),
        validate_choice=False,
    )
    kind = SelectField(
        _l("Kind"), choices=choices([("", _l("Any kind")), *options("kind")]), validate_choice=False
    )

    def filters(self) -> Filters:
        """Return what is looked for; a value that does not exist looks for nothing."""
        return Filters(
            words=self.q.data or "",
            standing=Standing(self.stage.data) if self.stage.data in set(Standing) else None,
            kind=Kind(self.kind.data) if self.kind.data in set(Kind) else None,
        )
