"""A bare page: as many sliders, charts and figures as RevLens's page Expand, computing next to nothing.

`streamlit run benchmarks/bare_page.py` shows it; benchmarks/browser.py takes it as its yardstick.
"""

import streamlit as st

SLIDERS, HEADLINES, FIGURES, MONTHS, QUARTERS = 8, 4, 10, 36, 12
DATES = [f"{2026 + month // 12}-{month % 12 + 1:02d}" for month in range(MONTHS)]

st.set_page_config(page_title="Bare page", layout="wide")
st.title("Bare page")
total = sum(st.session_state.get(f"slider:{number}", 50.0) for number in range(SLIDERS))

for number, column in enumerate(st.columns(HEADLINES)):
    curve = [total + month * number for month in range(24)]
    column.metric(f"Headline {number}", f"{total + number:.1f}", f"{total - 400:+.1f}", border=True, chart_data=curve)

lines = [
    {"type": "scatter", "mode": "lines", "x": DATES, "y": [level + slope * month for month in range(MONTHS)]}
    for level, slope in ((400.0, 1.0), (total, 1 + total / 400))
]
bars = [
    {"type": "bar", "x": list(range(QUARTERS)), "y": [sign * (total + quarter) for quarter in range(QUARTERS)]}
    for sign in (1, 1, -1, -1, -1)
]
layouts = ({"height": 198, "showlegend": False}, {"height": 198, "showlegend": False, "barmode": "relative"})

for row, (traces, layout) in enumerate(zip((lines, bars), layouts, strict=True)):
    left, right = st.columns([5, 7])
    with left:
        for number in range(row * SLIDERS // 2, (row + 1) * SLIDERS // 2):
            st.slider(f"Slider {number}", 0.0, 100.0, 50.0, 0.5, key=f"slider:{number}")
    with right:
        st.plotly_chart({"data": traces, "layout": layout}, theme=None, config={"displayModeBar": False})

for start in range(0, FIGURES, 5):
    for number, column in enumerate(st.columns(5), start):
        column.metric(f"Figure {number}", f"{total * number:.1f}", f"{number * (total - 400):+.1f}")
