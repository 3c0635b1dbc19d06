"""The look: colours by role and the few lines of CSS that Streamlit's theme cannot say."""

from __future__ import annotations

import streamlit as st

LIGHT = {
    "scenario": "#343FA8", "base": "#7B8494", "new": "#1490E3", "expansion": "#056E73", "uplift": "#8A46C9",
    "contraction": "#A07A14", "churn": "#8A2F10", "involuntary": "#C22560", "profit": "#2E8049", "cost": "#744E36",
    "revenue": "#343FA8", "ink": "#101828", "grey": "#586174", "grid": "#E6EAF0", "page": "#FFFFFF", "band": "#EBEEFB", "core": "#C9CFF4",
    "below_low": "#F6F7F9", "below_high": "#D3D8E0", "above_low": "#CBE6D2", "above_high": "#4FA567",
    "billings": "#1490E3", "cash": "#056E73",
    "people": "#744E36", "process": "#B87E4B", "technology": "#5C7F99",
    "agile": "#056E73", "waterfall": "#A07A14", "reactivation": "#5C7F99",
    "side_a": "#343FA8", "side_b": "#C22560", "side_c": "#056E73", "side_d": "#A07A14",
}  # fmt: skip
DARK = {
    "scenario": "#7C8CFB", "base": "#8B95A7", "new": "#2FC0F5", "expansion": "#8CE8D9", "uplift": "#AB5CC6",
    "contraction": "#ECBC67", "churn": "#E57A4E", "involuntary": "#C54C66", "profit": "#6DE0AE", "cost": "#DCA177",
    "revenue": "#7C8CFB", "ink": "#E8ECF3", "grey": "#A7B0C0", "grid": "#262E3C", "page": "#12161F", "band": "#222B4D", "core": "#36427A",
    "below_low": "#1B212D", "below_high": "#3A4353", "above_low": "#1B4A38", "above_high": "#2A6F54",
    "billings": "#2FC0F5", "cash": "#8CE8D9",
    "people": "#DCA177", "process": "#9A6A3F", "technology": "#A9BCCB",
    "agile": "#8CE8D9", "waterfall": "#ECBC67", "reactivation": "#A9BCCB",
    "side_a": "#7C8CFB", "side_b": "#C54C66", "side_c": "#8CE8D9", "side_d": "#ECBC67",
}  # fmt: skip

TEXT_ROLES = ("scenario", "revenue", "profit", "cost", "cash")
"""Roles whose colour is dark enough on the page to be read as text."""


def colours() -> dict[str, str]:
    """Return the colours by role for the reader's theme."""
    return DARK if _kind() == "dark" else LIGHT


def text_colour(name: str) -> str:
    """Return a text colour of Streamlit's theme, as its configuration says it: "green", "red", "gray"."""
    return str(st.get_option(f"theme.{_kind()}.{name}TextColor"))


def css() -> None:
    """Put the project's own CSS on the page; every rule says what Streamlit alone does not do."""
    colour = colours()
    names = {
        "page": colour["page"],
        "mark": colour["base"],
        "grey": colour["grey"],
        "ink": colour["ink"],
        "accent": colour["scenario"],
        "chip": colour["band"],
    }
    names |= {"edge": st.get_option(f"theme.{_kind()}.borderColor")}
    for name in ("green", "red", "gray"):
        names |= {name: text_colour(name), f"{name}-pill": st.get_option(f"theme.{_kind()}.{name}BackgroundColor")}
    root = "".join(f"--{name}:{value};" for name, value in names.items())
    st.html(f"<style>:root{{{root}}}{_CSS}</style>")


def _kind() -> str:
    return "dark" if st.context.theme.type == "dark" else "light"


_CSS = """
/* charts need the room that Streamlit leaves at the sides */
[data-testid="stMainBlockContainer"] { padding-inline: clamp(1rem, 2.2vw, 2.25rem); }
/* figures: two beside each other where it is narrow; what a figure means appears under a pointer, a finger or the focus */
.cards { display: grid; grid-template-columns: repeat(var(--across), minmax(0, 1fr)); gap: 1rem; }
.card { position: relative; display: flex; flex-wrap: wrap; align-items: center; column-gap: .6rem; }
.card .label, .card .value { flex-basis: 100%; }
.card .label { font-size: .875rem; line-height: 1.25rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.cards:not(.headline) .label { white-space: normal; overflow: visible; }
.cards:not(.headline) .card { align-content: flex-end; }
.card .value { font-size: 1.55rem; font-weight: 600; line-height: 2.1rem; }
.card .delta { font-size: .875rem; line-height: 1.3rem; padding: 0 .35rem; border-radius: .5rem; white-space: nowrap; }
.card .against { font-size: .875rem; color: var(--grey); }
.card .green { color: var(--green); background: var(--green-pill); }
.card .red { color: var(--red); background: var(--red-pill); }
.card .gray { color: var(--gray); background: var(--gray-pill); }
.card .curve { position: absolute; right: .8rem; top: 2.1rem; width: 38%; height: 2.2rem; }
.card .told { display: inline-block; width: .95rem; height: .95rem; margin-left: .5rem; border: 1.5px solid var(--gray);
  border-radius: 50%; font-size: .65rem; line-height: .8rem; text-align: center; color: var(--gray); cursor: help; }
.card .told:is(:hover, :focus)::after { content: attr(aria-label); position: absolute; z-index: 100; inset: 1.5rem 0 auto;
  padding: .5rem .75rem; border: 1px solid var(--edge);
  border-radius: .5rem; background: var(--page); color: var(--ink); font-size: .875rem; line-height: 1.4; text-align: left;
  white-space: normal; box-shadow: 0 4px 16px rgb(0 0 0 / .16); }
/* the four on top stay in view, in boxes, their curves beside them; on a phone they would cover what they are of */
@media (min-width: 641px) and (min-height: 501px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-headline) { position: sticky; top: 3.75rem; z-index: 90; background: var(--page); }
}
.headline { gap: .5rem; }
.headline .card { padding: .5rem .8rem; border: 1px solid var(--edge); border-radius: .5rem; }
@media (max-width: 1200px) { .headline .curve, .headline .told { display: none; } }
@media (max-width: 900px) { .cards { --across: 2 !important; } }
@media (max-width: 640px) { .headline .label { white-space: normal; } .headline .card { align-content: flex-end; } }
.st-key-head h1 { padding: .1rem 0 1rem; }
/* headings below the title are its next level, for those who jump from one to the next, and still small */
[data-testid="stMain"] h2 { padding: .5rem 0 1rem; letter-spacing: normal; }
[data-testid="stHeadingWithActionElements"] + p { margin-top: -1rem; }
/* a lever is a line of words over its slider, the base marked on the slider */
/* and lies above its hit area, so that a click on the words does not move it */
.lever { position: relative; z-index: 1; display: flex; align-items: center; gap: .4rem; height: 1.5rem; margin-bottom: -1.1rem; }
.lever span { font-size: .9rem; }
.lever :is(span, em, b) { flex: none; }
.lever small { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: .875rem; color: var(--grey); }
.lever em, .lever i { font-style: normal; font-size: .875rem; color: var(--accent); }
.lever i { font-family: "Material Symbols Rounded"; font-size: 1.1rem; }
.lever b { font-weight: 600; }
.lever::after { content: ""; position: absolute; z-index: 1; top: 1.45rem; left: calc(.375rem + var(--base) * (100% - .75rem) - 1px);
  width: 2px; height: .85rem; background: var(--mark); pointer-events: none; }
/* a table of figures: names stay in view while the rest is moved sideways, numbers stand under each other; a shade at the
   right says that there is more, until the table's own end comes over it */
.figures { overflow-x: auto; background: linear-gradient(var(--page), var(--page)) right / 2rem 100% no-repeat local,
  linear-gradient(to left, color-mix(in srgb, var(--accent) 40%, transparent), transparent) right / 1.5rem 100% no-repeat; }
.figures table { width: 100%; border-collapse: collapse; font-size: .9rem; }
.figures :is(th, td) { padding: .3rem .6rem; border-bottom: 1px solid var(--edge); text-align: right; font-weight: 400; vertical-align: top; }
.figures td { white-space: nowrap; }
.figures td small { white-space: normal; }
.figures thead th { font-weight: 600; vertical-align: bottom; }
.figures :is(th, td):first-child { position: sticky; left: 0; background: var(--page); text-align: left; min-width: 8rem; }
.figures small { display: block; font-size: .8rem; color: var(--grey); }
.figures .green { color: var(--green); } .figures .red { color: var(--red); }
/* and so is the range of what may come: a bar from low to high under the slider's line */
.lever.ranged::before { content: ""; position: absolute; top: 2.15rem; height: .2rem; border-radius: .1rem; background: var(--accent);
  left: calc(.375rem + var(--low) * (100% - .75rem)); width: calc((var(--high) - var(--low)) * (100% - .75rem));
  opacity: .6; pointer-events: none; }
/* words on the accent, which is light in the dark: white would be too faint there */
[data-testid="stBaseButton-primary"]:not(:disabled) { color: var(--page); }
/* what works beside the page tells it in a line at the bottom of the window */
[data-testid="stBottomBlockContainer"] { padding: .5rem clamp(1rem, 2.2vw, 2.25rem); border-top: 1px solid var(--edge); }
/* what is chosen in a list is dark on light, or light on dark: white on the accent is too faint in the dark */
[data-testid="stMultiSelect"] [data-tag] { background: var(--chip); color: var(--ink); }
[data-testid="stSliderTickBar"] { display: none; }
[data-testid="stSliderThumbValue"] { opacity: 0; z-index: 2; padding: 0 .3rem; background: var(--page); }
.stSlider:active [data-testid="stSliderThumbValue"] { opacity: 1; }
/* the button that copies stands there without a pointer over it, which no finger has, and beside the text */
[data-testid="stCode"] > div:has([data-testid="stElementToolbarButton"]) { opacity: 1; visibility: visible; }
[data-testid="stCode"] pre { padding-right: 2.75rem; }
/* a popover opens empty, and would stay in any slit below its button that held it then */
[data-testid="stPopoverBody"] { min-height: min(13.5rem, 45vh); }
@media (max-width: 640px) { [data-testid="stPopoverBody"] { min-height: min(20rem, 45vh); } }
/* a thumb that a finger can hold */
@media (pointer: coarse) { [data-testid="stSlider"] [role="group"] > div > [data-rac] { width: 1.4rem; height: 1.4rem; } }
@media (max-width: 640px) {
  .headline .card { padding: .25rem .6rem; }
  .headline .value { font-size: 1.2rem; line-height: 1.7rem; }
}
"""
