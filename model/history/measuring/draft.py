"""A company in the making: the template's values, and over them what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from model.catalogue import Assumption, assumptions
from model.company import COUNTED, Company
from model.history.measuring.measure import Measured
from model.text import NARROW_SPACE, number, numbered

GROWTH = ("upsell_rate", "lead_growth")
"""What a young company shows and no company keeps for years: taken up to the end of its usual range."""

Values = dict[str, float]


@dataclass
class Draft:
    """Values by assumption and segment while they are gathered.

    Attributes
    ----------
    template : Company
        Gives every value that is not measured, and all proportions.
    currency : str
        Of the new company.
    titles : mapping of str to str
        The segments of the new company.
    shares : mapping of str to float
        How a total is split among them.
    size : float
        Opening ARR of the new company ÷ that of the template.
    values, company : dict
        The values of both scopes.
    took : dict
        Segments in which an assumption was measured.
    sources : dict
        Where each value comes from, by assumption.
    left, notes : list of str
        What stayed the template's and why; what the reader should know.
    reasons : dict
        Why values were set, by assumption.
    refused : set of str
        Assumptions measured on too few rows somewhere.
    newcomers : mapping of str to float
        How opportunities and leads that tell no segment are split, where new customers say; else by `shares`.
    """

    template: Company
    currency: str
    titles: Mapping[str, str]
    shares: Mapping[str, float]
    size: float
    values: dict[str, Values] = field(default_factory=dict)
    company: Values = field(default_factory=dict)
    took: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reasons: dict[str, list[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    newcomers: Mapping[str, float] = field(default_factory=dict)

    def fill(self) -> None:
        """Take every value from the template: counts split by share and brought to size, rates as they are."""
        for name, entry in assumptions().items():
            self.sources[name] = f"judgement: template {self.template.title}"
            if entry.scope == "company":
                self.company[name] = self.template.company[name]
            else:
                self.values[name] = {segment: self._of_template(entry, segment) for segment in self.titles}

    def _of_template(self, entry: Assumption, segment: str) -> float:
        if counted(entry):
            total = float(self.template.base(entry.id).sum())
            return bounded(entry, total * self.shares[segment] * self.size)
        value = self.template.assumptions[entry.id].get(segment, self.template.mean(entry.id))
        return bounded(entry, value)

    def take(
        self, name: str, found: Sequence[Measured], *, unusual: bool = True, relative: Mapping[str, float] = {}
    ) -> dict[str, Measured]:
        """Put a measure over the template's values where it rests on enough rows; return what was used by segment.

        A segment with too few rows of its own takes the value of all segments together, times what it is to them by
        `relative` where that is known; if those are too few as well, the template's stays. `left` says so. A count is
        that of each segment, or of all, split by share. `unusual` says whether a value outside the usual range is noted.
        """
        entry, own = assumptions()[name], {one.segment: one for one in found}
        used = self._counts(entry, own) if counted(entry) else self._rates(entry, own, unusual, relative)
        if used:
            self.took[name] = tuple(used)
            self.sources[name] = self._source(used)
        return used

    def _counts(self, entry: Assumption, own: Mapping[str, Measured]) -> dict[str, Measured]:
        whole = own.get("")
        if whole is None:
            return {}
        if not whole.enough:
            self._refuse(entry, whole, "")
            return {}
        shares = self.newcomers if entry.id == "leads_per_month" and self.newcomers else self.shares
        for segment in self.titles:
            split = 0.0 if len(own) > 1 else whole.value * shares[segment]
            self.values[entry.id][segment] = bounded(entry, own[segment].value if segment in own else split)
        return {segment: own.get(segment, whole) for segment in self.titles}

    def _rates(
        self, entry: Assumption, own: Mapping[str, Measured], unusual: bool, relative: Mapping[str, float]
    ) -> dict[str, Measured]:
        used: dict[str, Measured] = {}
        for segment in self.titles:
            one, whole = own.get(segment), own.get("")
            if one is not None and one.enough:
                used[segment] = one
            elif whole is not None and whole.enough:
                used[segment] = replace(whole, value=whole.value * relative.get(segment, 1.0))
                if one is not None or segment in relative:
                    self._few(entry, one or replace(whole, segment=segment, n=0), _of_all(relative.get(segment)))
            elif whole is not None:
                self._refuse(entry, one or whole, segment)
        for segment, one in used.items():
            self.values[entry.id][segment] = self._usable(entry, one, unusual)
        return used

    def _refuse(self, entry: Assumption, one: Measured, segment: str) -> None:
        self.refused.add(entry.id)
        self._few(entry, one, self._shown(entry, segment))

    def _few(self, entry: Assumption, one: Measured, instead: str) -> None:
        label, least = self.label(entry.id, one.segment), one.declared.least
        text = f"{label}: {numbered(one.n, one.declared.noun)}, {least:,} are needed; {instead}."
        if text not in self.left:
            self.left.append(text)

    def _source(self, used: Mapping[str, Measured]) -> str:
        those = list({(one.segment, one.period): one for one in used.values()}.values())
        entry, rows = those[0].declared, sum(one.n for one in those if one.segment or len(those) == 1)
        ends = [end for one in those for end in one.period.split(" to ")]
        text = f"measured: {numbered(rows, entry.noun)}, {' to '.join(dict.fromkeys((min(ends), max(ends))))}"
        if len(used) < len(self.titles):
            text += f"; where they are fewer than {entry.least}: template {self.template.title}"
        elif len(those) > 1 and "" in {one.segment for one in those}:
            text += f"; where they are fewer than {entry.least}: all segments together"
        return text

    def _usable(self, entry: Assumption, one: Measured, unusual: bool) -> float:
        """Return a measured value within bounds, and note it where it is odd."""
        value = bounded(entry, one.value)
        if entry.id in GROWTH:
            value = min(value, entry.usual[1])
        label, shown = self.label(entry.id, one.segment), entry.show(one.value, self.currency)
        low, high = (entry.show(end, self.currency) for end in entry.usual)
        note = ""
        if value != one.value and entry.id in GROWTH:
            note = (f"{label} as measured is {shown}: a young company grows so, and not for years. The top of the usual "
                    f"range, {high}, is used; set your own where you know better.")  # fmt: skip
        elif value != one.value and not entry.choices:
            note = f"{label} as measured, {shown}, is out of bounds; {entry.show(value, self.currency)} is used."
        elif entry.choices and value != one.value:
            note = f"{label} as measured is {shown} {entry.unit}; {entry.show(value)} is used, the nearest there is."
        elif unusual and entry.across in ("shift", "scale") and not entry.usual[0] <= value <= entry.usual[1]:
            note = (f"{label} as measured, {shown}, is unusual: {low} to {high} is usual. "
                    "The projection carries it on; look at the rows.")  # fmt: skip
        if note and note not in self.notes:
            self.notes.append(note)
        return value

    def measured_in(self, name: str) -> tuple[str, ...]:
        """Return the segments in which an assumption was measured."""
        return self.took.get(name, ())

    def label(self, name: str, segment: str = "") -> str:
        """Return an assumption as it is called in a sentence: "Win rate of Enterprise"."""
        label = assumptions()[name].label
        return f"{label} of {self.titles[segment]}" if segment and len(self.titles) > 1 else label

    def _shown(self, entry: Assumption, segment: str = "") -> str:
        """Return the template's value as a clause."""
        if entry.scope == "company":
            values = [self.company[entry.id]]
        else:
            by = self.values[entry.id]
            values = [by[segment]] if segment else list(by.values())
        ends = dict.fromkeys(entry.show(value, self.currency) for value in (min(values), max(values)))
        return f"the template gives {' to '.join(ends)}"

    def put(self, name: str, values: Mapping[str, float], why: str) -> None:
        """Set values that are neither measured nor the template's, and say why."""
        entry = assumptions()[name]
        for segment, value in values.items():
            self.values[name][segment] = bounded(entry, value)
        if values:
            if self.titles.keys() <= values.keys():
                self.reasons.pop(name, None)
            self.because(name, why)

    def adjust(self, name: str, values: Mapping[str, float], why: str) -> None:
        """Change values that were measured, and add to their source why."""
        source, told = self.sources[name], self.reasons.get(name, [])
        self.put(name, values, why)
        self.sources[name] = f"{source}; {why}" if values else source
        if values:
            self.reasons[name] = list(dict.fromkeys([*told, self.reasons[name][-1]]))

    def because(self, name: str, why: str) -> None:
        """Keep why a value was set, with plain spaces, as a company's file has it."""
        why = why.replace(NARROW_SPACE, " ")
        self.sources[name] = f"set: {why}"
        self.reasons.setdefault(name, []).append(why)

    def close(self, missing: Mapping[str, str]) -> None:
        """List what was set and why, and every assumption that stayed the template's because the files do not show it.

        `missing` has a sentence for what would have to be in the files, by assumption.
        """
        labels: dict[str, list[str]] = {}
        for name, reasons in self.reasons.items():
            for why in reasons:
                labels.setdefault(why, []).append(assumptions()[name].label)
        self.notes += [f"{', '.join(names)}: {why}." for why, names in labels.items()]
        for name, entry in assumptions().items():
            if self.sources[name].startswith("judgement") and name not in self.refused:
                told = missing.get(name, f"{entry.label}: not in these files")
                self.left.append(f"{told}; {self._shown(entry)}.")


def _of_all(times: float | None) -> str:
    """Return what is used in place of a segment's own value."""
    if times is None:
        return "that of all segments is used"
    return f"that of all segments times {number(times, 2)} is used, as the first ARR of its customers is to that of all"


def counted(entry: Assumption) -> bool:
    """Return whether an assumption is a count or a sum, which segments split among them."""
    return entry.across == "sum" or entry.id in COUNTED


def bounded(entry: Assumption, value: float) -> float:
    """Return a value clipped to the bounds of its assumption, or the nearest of its choices."""
    if entry.choices:
        return float(min(entry.choices, key=lambda choice: abs(choice - value)))
    return float(min(max(value, entry.min), entry.max))
