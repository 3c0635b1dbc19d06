"""Lists whose labels change or are alike: another set of labels is another widget, and no two options look the same."""

from pages.parts.choices import apart, key_of


def test_labels_that_are_alike_are_told_apart() -> None:
    labels = {1: "Ours", 2: "Ours (2)", 3: "Ours", 4: "Ours"}
    assert apart(labels) == {1: "Ours", 2: "Ours (2)", 3: "Ours (3)", 4: "Ours (4)"}


def test_the_key_is_that_of_the_labels_in_whatever_order() -> None:
    assert key_of("when", {0: "Dec 2027", 1: "Jan 2026"}) == key_of("when", {1: "Jan 2026", 0: "Dec 2027"})


def test_labels_that_mean_something_else_make_another_key() -> None:
    assert key_of("when", {0: "Dec 2027"}) != key_of("when", {0: "Dec 2028"})
    assert key_of("when", {0: "Dec 2028", 36: "x"}) != key_of("when", {36: "Dec 2028", 0: "x"})
