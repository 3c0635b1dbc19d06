"""Labels of widgets: heard letter by letter, so that no backslash may stand where nothing would be markup."""

from __future__ import annotations

import pytest

from pages.parts.blocks import escaped, labelled
from tests.pages.test_pages import opened


@pytest.mark.parametrize(
    "text", ["Target, $", "Target, A$", "Pipedrive_de.csv: what its amounts are in", "Win rate (SMB) + 3 from, %"]
)
def test_a_plain_label_stays_as_it_is(text: str) -> None:
    assert labelled(text) == text


@pytest.mark.parametrize(("text", "wanted"), [
    ("**b** _x_ `c`", r"\*\*b\*\* \_x\_ \`c\`"),
    ("$x$", r"\$x\$"),
    ("[a](http://b)", "\\[a\\](http:\u2060//b)"),
    ("<img src=x>", r"\<img src=x>"),
    (":red[x]", ":\u2060red\\[x\\]"),
    ("# head", r"\# head"),
])  # fmt: skip
def test_what_would_be_markup_in_a_label_is_none(text: str, wanted: str) -> None:
    assert labelled(text) == wanted


def test_the_field_of_a_target_is_named_as_it_reads() -> None:
    app = opened("aim", "company=midmarket-saas&v=1")
    assert "Target, $" in [field.label for field in app.number_input]


def test_a_minus_stays_with_its_amount_at_the_end_of_a_line() -> None:
    assert escaped("is worth −$30.9K, −€5 and −3") == "is worth −\u2060\\$30.9K, −\u2060€5 and −3"
