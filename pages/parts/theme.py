"""The look: colours by role and the few lines of CSS that Streamlit's theme cannot say."""

from __future__ import annotations

import streamlit as st

LIGHT = {
    "scenario": "#343FA8", "base": "#7B8494", "new": "#1490E3", "expansion": "#056E73", "uplift": "#8A46C9",
    "contraction": "#A07A14", "churn": "#8A2F10", "involuntary": "#C22560", "profit": "#2E8049", "cost": "#744E36",
    "revenue": "#343FA8", "ink": "#101828", "grey": "#586174", "grid": "#E6EAF0", "page": "#FFFFFF", "band": "#EBEEFB",
    "below_low": "#F6F7F9", "below_high": "#D3D8E0", "above_low": "#CBE6D2", "above_high": "#4FA567",
    "billings": "#1490E3", "cash": "#056E73",
    "people": "#744E36", "process": "#B87E4B", "technology": "#5C7F99",
    "agile": "#056E73", "waterfall": "#A07A14",
}  # fmt: skip
DARK = {
    "scenario": "#7C8CFB", "base": "#8B95A7", "new": "#2FC0F5", "expansion": "#8CE8D9", "uplift": "#AB5CC6",
    "contraction": "#ECBC67", "churn": "#E57A4E", "involuntary": "#C54C66", "profit": "#6DE0AE", "cost": "#DCA177",
    "revenue": "#7C8CFB", "ink": "#E8ECF3", "grey": "#A7B0C0", "grid": "#262E3C", "page": "#12161F", "band": "#222B4D",
    "below_low": "#1B212D", "below_high": "#3A4353", "above_low": "#1B4A38", "above_high": "#2A6F54",
    "billings": "#2FC0F5", "cash": "#8CE8D9",
    "people": "#DCA177", "process": "#9A6A3F", "technology": "#A9BCCB",
    "agile": "#8CE8D9", "waterfall": "#ECBC67",
}  # fmt: skip

TEXT_ROLES = ("scenario", "revenue", "profit", "cost", "cash")
"""Roles whose colour is dark enough on the page to be read as text."""


def colours() -> dict[str, str]:
    """Return the colours by role for the reader's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def css() -> None:
    """Put the project's own CSS on the page; every rule says what Streamlit alone does not do."""
    colour = colours()
    roles = {"page": "page", "mark": "base", "ink": "ink", "chip": "band"}
    names = f":root {{ {' '.join(f'--{name}: {colour[role]};' for name, role in roles.items())} }}"
    st.html(f"<style>{names}{_CSS}</style>")


def base_marks(shares: dict[str, float]) -> None:
    """Mark the base on each slider: `shares` says how far along its slider each lever's base lies, 0 to 1."""
    rules = "".join(f".st-key-{key}{{--base:{share:.4f}}}" for key, share in shares.items())
    st.html(f"<style>{rules or ':root{}'}</style>")


_CSS = """
/* charts need the room that Streamlit leaves at the sides */
[data-testid="stMainBlockContainer"] { padding-inline: clamp(1rem, 2.2vw, 2.25rem); }
/* the four figures stay on top, and their curves stand beside them, not below */
[data-testid="stLayoutWrapper"]:has(> .st-key-headline) {
  position: sticky; top: 3.75rem; z-index: 90; background: var(--page); }
.st-key-headline [data-testid="stMetric"] { position: relative; padding: .5rem .8rem; }
.st-key-headline [data-testid="stMetric"] > div { padding: 0; }
.st-key-headline [data-testid="stMetricChart"] {
  position: absolute; top: 2.1rem; right: .8rem; width: 38% !important; height: 2.2rem !important; overflow: hidden; }
.st-key-headline [data-testid="stMetricChart"] svg { width: 100%; height: 100%; }
.st-key-headline [data-testid="stMetricChart"] path { stroke-width: 2px; vector-effect: non-scaling-stroke; }
@media (max-width: 1200px) {
  .st-key-headline [data-testid="stMetricChart"], .st-key-headline [data-testid="stTooltipIcon"] { display: none; } }
.st-key-head h1 { padding: .1rem 0 1rem; }
/* headings below the title are its next level, for those who jump from one to the next, and still small */
[data-testid="stMain"] h2 { padding: .5rem 0 1rem; letter-spacing: normal; }
/* a lever is one row of words over its slider, the base marked on it */
[class*="st-key-lever_"] { row-gap: 0; }
[class*="st-key-lever_"] > :last-child { flex-basis: 100%; }
[class*="st-key-lever_"] [data-testid="stPopover"] button { min-height: 0; padding: 0; }
[class*="st-key-lever_"] [data-testid="stMarkdown"] [data-testid="stMarkdownContainer"] {
  display: flex; justify-content: space-between; align-items: center; gap: .75rem; }
[class*="st-key-lever_"] [data-testid="stSlider"] { margin-top: -.5rem; }
[class*="st-key-lever_"] [data-testid="stSliderTickBar"] { display: none; }
[class*="st-key-lever_"] [data-testid="stSliderThumbValue"] { opacity: 0; }
[class*="st-key-lever_"] [data-testid="stSlider"]:active [data-testid="stSliderThumbValue"],
[class*="st-key-lever_"] [data-testid="stSlider"]:has(:focus-visible) [data-testid="stSliderThumbValue"] { opacity: 1; }
[class*="st-key-lever_"] [data-testid="stSlider"] [role="group"] > div::before {
  content: ""; position: absolute; top: calc(50% - .425rem); left: calc(var(--base, -1) * 100% - 1px);
  width: 2px; height: .85rem; background: var(--mark); pointer-events: none; }
/* what is chosen in a list is dark on light, or light on dark: white on the accent is too faint in the dark */
[data-testid="stMultiSelect"] [data-tag] { background: var(--chip); color: var(--ink); }
/* a thumb that a finger can hold */
@media (pointer: coarse) { [data-testid="stSlider"] [role="group"] > div > [data-rac] { width: 1.4rem; height: 1.4rem; } }
@media (max-width: 640px) {
  .st-key-headline [data-testid="stMetricChart"], .st-key-headline [data-testid="stTooltipIcon"] { display: none; }
  .st-key-headline [data-testid="stMetricValue"] { font-size: 1.2rem; }
  .st-key-headline [data-testid="stMetric"] { padding: .25rem .6rem; }
}
"""
