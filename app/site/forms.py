"""Form to look for consultations."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SearchField, SelectField

from app.forms import BaseForm, choices
from app.rendering import pick
from app.words import name
from consultations.announcement import Kind
from consultations.queries.filters import Filters, Mine
from consultations.queries.standing import Standing
from consultations.search_words import LONGEST_SEARCH
from consultations.subjects import PROVINCES, TOPICS
from core.text import tidy

if TYPE_CHECKING:
    from consultations.queries.facets import Facet

Code = TypeVar("Code", bound=StrEnum)


class FinderForm(BaseForm):
    """What someone looks for; sent in the address, so that a search can be shared."""

    q = SearchField(_l("Words in a title, a summary or a clause"))
    stage = HiddenField()
    mine = HiddenField()
    agency = SelectField(_l("Agency"), choices=[], validate_choice=False)
    topic = SelectField(_l("Topic"), choices=[], validate_choice=False)
    province = SelectField(_l("Province"), choices=[], validate_choice=False)
    kind = SelectField(_l("Kind"), choices=[], validate_choice=False)

    def filters(self) -> Filters:
        """Return what is looked for; a value that does not exist looks for nothing."""
        return Filters(
            words=" ".join(tidy((self.q.data or "")[: 4 * LONGEST_SEARCH]).split())[
                :LONGEST_SEARCH
            ],
            standing=_known(Standing, self.stage.data),
            mine=_known(Mine, self.mine.data),
            agency=tidy(self.agency.data or "")[:80],
            topic=self.topic.data if self.topic.data in TOPICS else "",
            province=self.province.data if self.province.data in PROVINCES else "",
            kind=_known(Kind, self.kind.data),
        )

    def offer(self, filters: Filters, facets: Mapping[str, "Sequence[Facet]"]) -> "FinderForm":
        """Show what is looked for, and offer what would find something, with how much."""
        self.q.data = filters.words
        nothing = {
            "agency": _l("Any agency"),
            "topic": _l("Any topic"),
            "province": _l("Any province"),
            "kind": _l("Any kind"),
        }
        for field, label in nothing.items():
            found = list(facets.get(field, ()))
            chosen = str(getattr(filters, field) or "")
            options = [(each.value, f"{called(field, each)} ({each.found})") for each in found]
            if chosen and chosen not in dict(options):
                options.append((chosen, f"{called_by_code(field, chosen)} (0)"))
            options.sort(key=lambda option: option[1])
            self[field].choices = choices([("", label), *options])
            self[field].data = chosen
        return self


def called(field: str, facet: "Facet") -> str:
    """Return what a choice of a filter is called."""
    return pick(facet, "name").text if facet.name_th else called_by_code(field, facet.value)


def called_by_code(field: str, code: str) -> str:
    """Return what a code of a filter is called; an agency without consultations by its code."""
    names: dict[str, Any] = {"topic": TOPICS, "province": PROVINCES}
    if field in names:
        return pick(names[field][code], "name").text
    return name("kind", code) if field == "kind" else code


def _known(codes: type[Code], value: str | None) -> Code | None:
    return codes(value) if value in set(codes) else None
