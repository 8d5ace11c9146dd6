"""Components: valid structure, own styles under own names, built files equal to sources."""

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
import wtforms
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "app" / "static"
TEMPLATES = ROOT / "app" / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
OWN_STYLES = [
    STATIC / "css" / "tokens.css",
    STATIC / "css" / "base.css",
    STATIC / "css" / "layout.css",
    *sorted((STATIC / "css" / "components").glob("*.css")),
    STATIC / "css" / "print.css",
]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch)\(")
SMALLEST_CONTRAST_OF_TEXT = 4.5
SMALLEST_CONTRAST_OF_SHAPES = 3.0


class Elements(HTMLParser):
    """Collects the elements of a page as (tag, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, tag=None, **wanted):
        return [
            attributes
            for name, attributes in self.found
            if (tag is None or name == tag)
            and all(attributes.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]

    @property
    def ids(self):
        return [attributes["id"] for _, attributes in self.found if "id" in attributes]


def choices(**labels):
    return [SelectChoice(value, label) for value, label in labels.items()]


class CommentForm(wtforms.Form):
    """One field of every kind."""

    name = wtforms.StringField("Name", [InputRequired("Enter a name")], description="Any name")
    body = wtforms.TextAreaField("Comment", [InputRequired("Write it"), Length(max=3000)])
    age = wtforms.IntegerField("Age", [Optional()])
    money = wtforms.DecimalField("Budget")
    stance = wtforms.RadioField(
        "Stance", [InputRequired("Choose one")], choices=choices(a="Agree", d="Disagree")
    )
    province = wtforms.SelectField("Province", choices=choices(bkk="Bangkok"))
    topics = wtforms.SelectMultipleField(
        "Topics", [InputRequired("Choose some")], choices=choices(x="Air", y="Water")
    )
    consent = wtforms.BooleanField("I agree", [InputRequired("Confirm")])
    scan = wtforms.FileField("Scan")
    password = wtforms.PasswordField("Password")
    day = wtforms.DateField("Day")
    time = wtforms.TimeField("Time")
    moment = wtforms.DateTimeLocalField("Moment")
    next = wtforms.HiddenField(default="/x")


@pytest.fixture(scope="module")
def environment():
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_null_translations(newstyle=True)
    made.filters.update(
        number=lambda value: f"{value:,}",
        percent=lambda share: f"{share:.0%}",
        date_short=str,
        datetime_long=str,
    )
    made.globals.update(csrf_token=lambda: "token", get_flashed_messages=lambda **_: [])
    return made


@pytest.fixture
def draw(environment):
    def render(component, *arguments, inside=None, **named):
        macro = f'{{% from "components/{component}.html" import {component} %}}'
        call = f"{component}(*arguments, **named)"
        body = f"{{{{ {call} }}}}"
        if inside is not None:
            body = f"{{% call {call} %}}{inside}{{% endcall %}}"
        template = environment.from_string(macro + body)
        return template.render(arguments=arguments, named=named)

    return render


@pytest.fixture
def refused_form():
    form = CommentForm()
    form.validate()
    return form


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_file_says_its_arguments_and_holds_the_macro_of_its_name(path):
    source = path.read_text()

    macros = re.findall(r"{% macro ([a-z]\w*)", source)

    assert source.startswith(f"{{# {path.stem}(")
    assert macros == [path.stem]


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_with_classes_of_its_own_has_a_style_file_of_its_name(path):
    block = "sarn-" + path.stem.replace("_", "-")
    uses_own = re.search(rf"{block}(?:__|--|[\s\"'])", path.read_text())
    style = STATIC / "css" / "components" / f"{path.stem}.css"

    assert not uses_own or style.is_file()


def test_every_style_file_belongs_to_a_component_or_a_behaviour():
    scripts = "".join(path.read_text() for path in (STATIC / "js").glob("*.js"))
    for path in (STATIC / "css" / "components").glob("*.css"):
        block = "sarn-" + path.stem.replace("_", "-")
        assert path.with_suffix(".html").name in {c.name for c in COMPONENTS} or block in scripts


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_but_a_letters_holds_a_style_a_script_or_a_colour(path):
    if path.parent.name == "mail":  # carries its styles with it, since it fetches nothing
        return
    source = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:|\|\s*safe\b", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"(?:fill|stroke|color)=\"#", source)


@pytest.mark.parametrize("path", OWN_STYLES, ids=lambda path: path.name)
def test_only_the_tokens_hold_colours(path):
    assert path.name == "tokens.css" or not COLOUR.search(path.read_text())


def test_every_token_that_a_style_uses_is_defined():
    styles = (STATIC / "build" / "sarn.css").read_text()
    used = set(re.findall(r"var\((--[a-z0-9-]+)", styles))
    defined = set(re.findall(r"(--[a-z0-9-]+):", styles))

    assert used - defined == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_text_and_ground_has_enough_contrast(scheme):
    tokens = _tokens(scheme)
    texts = [
        *[(ink, ground) for ink in ("ink", "ink-muted", "link", "link-hover", "link-visited")
          for ground in ("paper", "surface", "sunken")],
        *[(f"{dye}-ink", f"{dye}-soft") for dye in ("indigo", "marigold", "leaf", "lac", "plum")],
        *[(f"{dye}-ink", "paper") for dye in ("indigo", "marigold", "leaf", "lac", "plum")],
        *[("ink", f"{dye}-soft") for dye in ("indigo", "marigold", "leaf", "lac", "grey")],
        *[("link", f"{dye}-soft") for dye in ("indigo", "marigold", "leaf", "lac")],
        ("on-action", "action"), ("on-action", "action-hover"), ("on-focus", "focus"),
    ]  # fmt: skip
    shapes = [
        ("line-strong", "paper"), ("line-strong", "surface"), ("lac", "surface"),
        ("choice-agree", "surface"), ("choice-line", "choice-disagree"),
    ]  # fmt: skip

    low = [pair for pair in texts if _contrast(tokens, *pair) < SMALLEST_CONTRAST_OF_TEXT]
    low += [pair for pair in shapes if _contrast(tokens, *pair) < SMALLEST_CONTRAST_OF_SHAPES]

    assert low == []


@pytest.mark.parametrize("name", [name for name in CommentForm()._fields if name != "next"])
def test_a_field_has_a_bound_label_and_says_its_hint_and_errors(draw, refused_form, name):
    field = refused_form[name]
    page = Elements(draw("field", field))
    controls = [a for tag, a in page.found if tag in ("input", "textarea", "select")]
    labelled = {attributes["for"] for attributes in page.all("label")}
    described = " ".join(
        attributes.get("aria-describedby", "") for _, attributes in page.found
    ).split()

    assert len(page.ids) == len(set(page.ids))
    assert controls
    assert {attributes["id"] for attributes in controls} == labelled
    assert set(described) <= set(page.ids)
    assert (f"{name}-error" in described) == bool(field.errors)
    assert (f"{name}-hint" in described) == bool(field.description)


def test_a_refused_control_is_marked_as_invalid(draw, refused_form):
    assert Elements(draw("field", refused_form.name)).all("input")[0]["aria-invalid"] == "true"
    assert "aria-invalid" not in Elements(draw("field", refused_form.age)).all("input")[0]


def test_choices_stand_in_a_fieldset_with_a_legend_and_keep_what_was_chosen(draw):
    form = CommentForm(data={"topics": ["y"], "stance": "d"})

    boxes = Elements(draw("field", form.topics))
    buttons = Elements(draw("field", form.stance))

    assert boxes.all("legend")
    assert ["checked" in box for box in boxes.all("input", type_="checkbox")] == [False, True]
    assert ["checked" in button for button in buttons.all("input", type_="radio")] == [False, True]


def test_a_long_text_states_its_limit_and_is_never_cut(draw, refused_form):
    html = draw("field", refused_form.body)

    assert "Up to 3,000 characters" in html
    assert "maxlength" not in Elements(html).all("textarea")[0]


def test_a_hidden_field_is_only_its_input(draw, refused_form):
    assert [tag for tag, _ in Elements(draw("field", refused_form.next)).found] == ["input"]


def test_the_error_summary_leads_to_every_refused_field(draw, refused_form):
    summary = Elements(draw("error_summary", refused_form))
    drawn = {i for field in refused_form for i in Elements(draw("field", field)).ids}

    targets = [link["href"].removeprefix("#") for link in summary.all("a")]

    assert targets == ["name", "body", "stance-0", "province", "topics-0", "consent"]
    assert set(targets) <= drawn
    assert summary.all(role="alert")


def test_a_form_without_errors_has_no_error_summary(draw):
    assert draw("error_summary", CommentForm()).strip() == ""


def test_the_parts_of_a_share_bar_follow_each_other_and_fill_it(draw):
    page = Elements(draw("share_bar", 2, 1, 1, "Statement 4"))

    parts = [a for a in page.all("rect") if "part--" in a.get("class", "") and "x" in a]

    assert [(part["x"], part["width"]) for part in parts] == [
        ("0%", "50.0%"), ("50.0%", "25.0%"), ("75.0%", "25.0%"),
    ]  # fmt: skip


def test_a_share_bar_without_votes_is_empty_and_says_so_in_numbers(draw):
    html = draw("share_bar", 0, 0, 0, "Statement 4")

    assert not [a for a in Elements(html).all("rect") if "x" in a]
    assert html.count(">0</span>") == 3


def test_an_interval_stands_at_its_shares(draw):
    html = draw("interval", 0.42, 0.71, 0.58, "Group A")
    (reach,) = Elements(html).all("rect", class_="sarn-interval__range")

    assert (reach["x"], reach["width"]) == ("42.0%", "29.0%")
    assert "between 42% and 71%" in html


def test_a_vote_form_carries_its_token_and_marks_the_choice_made(draw):
    page = Elements(draw("vote_buttons", "/vote", "disagree"))
    buttons = page.all("button", name="choice")

    assert page.all("input", name="csrf_token", value="token")
    assert [button["value"] for button in buttons] == ["agree", "disagree", "pass"]
    assert [button["aria-pressed"] for button in buttons] == ["false", "true", "false"]


def test_peoples_words_are_escaped_and_carry_their_language(draw):
    comment = SimpleNamespace(
        anchor="c-1", author="<b>x", date="today", body="<script>", language="en"
    )
    pages = [
        draw("comment_card", comment, inside=""),
        draw("quotation", "<script>", "en"),
    ]

    for html in pages:
        assert "<script>" not in html
        assert "<b>" not in html
        assert Elements(html).all(lang="en")


def test_a_page_that_is_not_the_only_one_links_to_its_neighbours(draw):
    items = [{"number": 1, "href": "?page=1", "current": True}, None]
    page = SimpleNamespace(count=9, previous_href=None, next_href="?page=2", items=items)

    links = Elements(draw("pagination", page)).all("a")

    assert [link.get("rel") for link in links] == [None, "next"]
    assert links[0]["aria-current"] == "page"
    assert draw("pagination", SimpleNamespace(count=1)).strip() == ""


def _tokens(scheme):
    source = (STATIC / "css" / "tokens.css").read_text()
    light, _, rest = source.partition("@media screen and (prefers-color-scheme: dark)")
    pattern = r"--([a-z0-9-]+):\s*([^;]+);"
    tokens = dict(re.findall(pattern, light))
    if scheme == "dark":
        tokens |= dict(re.findall(pattern, rest.partition("/*")[0]))
    return tokens


def _contrast(tokens, first, second):
    lighter, darker = sorted((_luminance(tokens, first), _luminance(tokens, second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(tokens, name):
    value = tokens[name]
    while value.startswith("var("):
        value = tokens[value[6:-1]]
    channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
