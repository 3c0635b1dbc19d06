"""A lens of one's own: put together by a person, carried by the link, and saved as a file that is a lens as any other.

In a link its name is `lens`, its lists are names with "~" between, and what is not said is left out:
`lens=Board&lens.levers=retention_rate~win_rate&lens.kpis=nrr~arr&lens.charts=metric-nrr~movements`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any, get_args

from model.catalogue import assumptions, declarations, metrics, retired, sources
from model.errors import CatalogueError, LensError
from model.frameworks.lens import ChartKind, Lens, LensChart, LensGroup, Stage, lenses, shown_by
from model.text import glance
from model.toml_lines import TOO_DOTTED, too_dotted
from model.view_words import LENS as WORD
from model.view_words import is_part

ADDRESS = "own-lens"
BETWEEN = "~"
UNNAMED = "Your lens"
ICON = ":material/dashboard_customize:"
TEXTS = {"name": 60, "question": 120, "about": 400, "owner": 80, "tools": 200}
"""The texts a person may write, and how many characters of each are kept."""
MOST = {"levers": 12, "kpis": 10, "charts": 5}
"""How many of each a page holds and stays as quick and as readable as the others."""
ROWS = 3
MAX_LIST = 2_000
MAX_FILE_BYTES = 64_000


@dataclass(frozen=True)
class OwnLens:
    """What a person chose for a page, in their order; a page needs at least one lever, figure and chart."""

    name: str = UNNAMED
    question: str = ""
    levers: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    charts: tuple[LensChart, ...] = ()
    about: str = ""
    owner: str = ""
    tools: str = ""
    source: str = "judgement"

    def written(self) -> dict[str, str]:
        """Return its parameters of a link."""
        parts = {"question": self.question, "levers": BETWEEN.join(self.levers), "kpis": BETWEEN.join(self.kpis),
                 "charts": BETWEEN.join(map(chart_name, self.charts)), "about": self.about, "owner": self.owner,
                 "tools": self.tools, "source": self.source if self.source != "judgement" else ""}  # fmt: skip
        return {WORD: self.name} | {f"{WORD}.{part}": value for part, value in parts.items() if value}

    def with_text(self, part: str, text: str) -> OwnLens:
        """Return the lens with one of its texts as it can be kept: one line, cut to its length, a name never empty."""
        kept = _one_line(text)[: TEXTS[part]]
        changed: dict[str, Any] = {part: kept if kept.strip() or part != "name" else UNNAMED}
        return replace(self, **changed)

    def with_earlier(self, part: str, place: int) -> OwnLens:
        """Return the lens with one entry of a list moved one place towards the front."""
        names = list(getattr(self, part))
        names[place - 1 : place + 1] = names[place - 1 : place + 1][::-1]
        changed: dict[str, Any] = {part: tuple(names)}
        return replace(self, **changed)

    @property
    def missing(self) -> tuple[str, ...]:
        """What it still lacks to be a page, in words."""
        wanted = {"a lever": self.levers, "a figure": self.kpis, "a chart": self.charts}
        return tuple(word for word, names in wanted.items() if not names)

    def lens(self) -> Lens:
        """Return it as a lens: its levers shared out in order over its first charts, the others below.

        Raises
        ------
        LensError
            It lacks a lever, a figure or a chart.
        """
        if self.missing:
            raise LensError(f"A lens needs {' and '.join(self.missing)} more.")
        rows = min(ROWS, len(self.charts), len(self.levers))
        shares = zip(_shared(self.levers, rows), self.charts[:rows], strict=True)
        groups = tuple(LensGroup(title=_title(levers), levers=levers, chart=chart) for levers, chart in shares)
        tools = tuple(tool.strip() for tool in self.tools.split(",") if tool.strip())
        stage = Stage(
            id="own", title=self.name, about=self.about, owner=self.owner, tools=tools, kpis=self.kpis, groups=groups
        )
        return Lens(id=ADDRESS, title=self.name, framework="Our own", group=UNNAMED, icon=ICON, question=self.question,
                    source=self.source, stages=(stage,), charts=self.charts[rows:])  # fmt: skip


START = OwnLens(
    question="What do we want to keep an eye on?",
    levers=("retention_rate", "upsell_rate", "win_rate", "average_selling_price"),
    kpis=("arr_growth", "nrr", "new_arr", "cac_payback", "operating_margin"),
    charts=(LensChart(kind="metric", of="nrr"), LensChart(kind="metric", of="arr")),
)
"""What the editor begins with."""


def _shared(names: Sequence[str], rows: int) -> Iterator[tuple[str, ...]]:
    """Yield names in order in as many nearly equal parts, the first the larger."""
    left = iter(names)
    for row in range(rows):
        yield tuple(islice(left, len(names) // rows + (row < len(names) % rows)))


def _title(levers: Sequence[str]) -> str:
    """Return what a row of levers is called: "Retention", "Retention and upsell", "Retention and 3 more"."""
    first, *others = (assumptions()[name].label for name in levers)
    if not others:
        return first
    return f"{first} and {others[0].lower() if len(others) == 1 else f'{len(others)} more'}"


def chart_name(chart: LensChart) -> str:
    """Return a chart as a link writes it: "metric-nrr", or "movements"."""
    return f"{chart.kind}-{chart.of}" if chart.of else chart.kind


@cache
def all_charts() -> Mapping[str, LensChart]:
    """Return every chart a lens can show, by its name."""
    kinds: tuple[ChartKind, ...] = get_args(ChartKind)
    charts = [LensChart(kind=kind, of=of) for kind in kinds for of in shown_by(kind)]
    return {chart_name(chart): chart for chart in charts}


@cache
def all_levers() -> tuple[str, ...]:
    """Return every assumption that can be moved."""
    return tuple(name for name, entry in assumptions().items() if entry.across != "fact")


def read_own_lens(query: Mapping[str, str]) -> tuple[OwnLens | None, tuple[str, ...]]:
    """Return the lens that a link holds, if any, and one sentence about each part of it that was refused."""
    keys = {_key(part): part for part in (*TEXTS, *_LISTS, "source")}
    own = [key for key in query if is_part(key, WORD)]
    if not own:
        return None, ()
    given = {keys[key]: query[key] for key in own if key in keys}
    problems = [f"A lens has no part {glance(key)!r}. It is left out." for key in own if key not in keys]
    lens = OwnLens()
    for part in [part for part in TEXTS if part in given]:
        problems += _text_problems(part, given[part])
        lens = lens.with_text(part, given[part])
    lists: dict[str, Any] = {part: _list(part, given[part], problems) for part in _LISTS if part in given}
    source = given.get("source", lens.source)
    if source not in sources():
        problems.append(f"There is no source {glance(source)!r} ({WORD}.source=…). Judgement is used.")
        source = lens.source
    return replace(lens, source=source, **lists), tuple(problems)


def _key(part: str) -> str:
    return WORD if part == "name" else f"{WORD}.{part}"


def _text_problems(part: str, text: str) -> Iterator[str]:
    if len(text) > TEXTS[part]:
        yield (f"The {part} of the lens ({_key(part)}=…) has {len(text):,} characters; "
               f"only the first {TEXTS[part]} are kept.")  # fmt: skip
    if _one_line(text) != text:
        yield f"The {part} of the lens ({_key(part)}=…) holds characters that cannot be shown; each is a space now."
    if part == "name" and not text.strip():
        yield f"The name of the lens ({WORD}=…) is empty; {UNNAMED!r} is used."


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


_LISTS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "levers": ("lever", lambda name: known if (known := retired().get(name, name)) in all_levers() else None),
    "kpis": ("figure", lambda name: name if name in metrics() else None),
    "charts": ("chart", lambda name: all_charts().get(name)),
}
"""The lists of a lens: what an entry is called, and how its name is read (None: there is none of that name)."""


def _list(part: str, text: str, problems: list[str]) -> tuple[Any, ...]:
    """Return the entries of a list in a link, each once; what cannot be used is named."""
    what, read = _LISTS[part]
    if len(text) > MAX_LIST:
        problems.append(f"{WORD}.{part} has {len(text):,} characters; only the first {MAX_LIST:,} are read.")
        text = text[:MAX_LIST].rpartition(BETWEEN)[0]
    found: dict[Any, None] = {}
    for name in dict.fromkeys(text.split(BETWEEN)):
        entry = read(name)
        if entry is None:
            problems.append(f"There is no {what} {glance(name)!r} to show ({WORD}.{part}=…). It is left out.")
        else:
            found[entry] = None
    return _kept(part, tuple(found), problems)


def _kept(part: str, entries: tuple[Any, ...], problems: list[str]) -> tuple[Any, ...]:
    """Return as many entries as a page holds."""
    if len(entries) > MOST[part]:
        problems.append(f"The lens has {len(entries)} {_LISTS[part][0]}s; the first {MOST[part]} are shown.")
    return entries[: MOST[part]]


def of_lens(lens: Lens, stage: Stage) -> tuple[OwnLens, tuple[str, ...]]:
    """Return a lens of one's own with what one stage of a lens shows, and a sentence about what does not fit."""
    problems: list[str] = []
    charts = tuple(dict.fromkeys([*(group.chart for group in stage.groups), *lens.charts]))
    own = OwnLens(
        levers=_kept("levers", tuple(dict.fromkeys(stage.levers)), problems),
        kpis=_kept("kpis", tuple(dict.fromkeys(stage.kpis)), problems),
        charts=_kept("charts", charts, problems),
        source=lens.source,
    )
    name = lens.title if len(lens.stages) == 1 else f"{lens.title}: {stage.title}"
    texts = {"name": name, "question": lens.question, "about": stage.about, "owner": stage.owner,
             "tools": ", ".join(stage.tools)}  # fmt: skip
    for part, text in texts.items():
        problems += _text_problems(part, text)
        own = own.with_text(part, text)
    return own, tuple(problems)


def lens_toml(own: OwnLens) -> str:
    """Return it as the text of a lens file, which data/lenses takes as it is."""
    import tomlkit

    raw = own.lens().model_dump(mode="json", exclude={"id"}, exclude_defaults=True)
    return str(tomlkit.dumps({"source": own.source} | raw))


def file_name(own: OwnLens, taken: Container[str] = ()) -> str:
    """Return the name of its file, "<order>-<address>.toml": after all other lenses, at an address that is free.

    >>> file_name(OwnLens("Überblick: Vorstand"), {"uberblick-vorstand"}).partition("-")[2]
    'uberblick-vorstand-2.toml'
    """
    plain = unicodedata.normalize("NFKD", own.name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "lens"
    number, address = 1, slug
    while address in taken or address in lenses():
        number += 1
        address = f"{slug}-{number}"
    return f"{len(lenses()) + 1}-{address}.toml"


def read_lens_file(content: bytes, name: str) -> tuple[OwnLens, tuple[str, ...]]:
    """Return the lens in a file, and a sentence about each part of it that a page of one's own does not hold.

    Raises
    ------
    LensError
        It is too large, no TOML or no lens; every problem is named.
    """
    shown = glance(name)
    if len(content) > MAX_FILE_BYTES:
        raise LensError(f"{shown} has {len(content):,} bytes; a lens has at most {MAX_FILE_BYTES:,}.")
    try:
        text = content.decode("utf-8")
        if line := next((number for number, line in enumerate(text.split("\n"), 1) if too_dotted(line)), 0):
            raise LensError(f"{shown}, line {line}, cannot be read: {TOO_DOTTED}.")
        raw = tomllib.loads(text)
        lens = declarations(Lens, {ADDRESS: raw | {"id": ADDRESS}}, shown)[ADDRESS]
    except CatalogueError as error:
        raise LensError(glance(problem, 300) for problem in error.problems) from error
    except UnicodeDecodeError as error:
        raise LensError(f"{shown} is not UTF-8 text (byte {error.start} is not); save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LensError(f"{shown} is not TOML: {glance(str(error), 200)}") from error
    own, problems = of_lens(lens, lens.stages[0])
    if len(lens.stages) > 1:
        first = glance(lens.stages[0].title)
        problems = (f"{shown} has {len(lens.stages)} stages; a lens of your own is one page, of the first, {first}.",
                    *problems)  # fmt: skip
    return own, problems
