"""Tables of figures: a name and a cell for each column, a small line under a cell for what it differs by."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.cards import Colour
from pages.parts.theme import colours


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and the small line under it."""

    text: str
    note: str = ""
    colour: Colour = "gray"


@dataclass(frozen=True)
class Column:
    """A heading, and the role whose colour it has on charts."""

    title: str
    role: str = ""


def table(caption: str, first: str, columns: Sequence[Column], rows: Sequence[tuple[Cell, Sequence[Cell]]]) -> None:
    """Draw a table, all texts escaped, whoever wrote them."""
    heads = "".join(f'<th scope="col">{mark(column.role)}{html.escape(column.title)}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{_inner(name)}</th>{"".join(f"<td>{_inner(cell)}</td>" for cell in cells)}</tr>'
        for name, cells in rows
    )
    st.html(
        f'<div class="figures" tabindex="0" role="region" aria-label="{html.escape(caption)}"><table><thead><tr>'
        f'<th scope="col">{html.escape(first)}</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def mark(role: str) -> str:
    """Return a square in the colour of a role, as HTML, or nothing without a role."""
    return f'<span style="color:{colours()[role]}">■</span> ' if role else ""


def _inner(cell: Cell) -> str:
    note = f'<small class="{cell.colour}">{html.escape(cell.note)}</small>' if cell.note else ""
    return html.escape(cell.text) + note
