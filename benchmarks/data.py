"""How long the ARR movements of 20 million subscriptions take, with Ibis and DuckDB, pandas and Polars.

`python -m benchmarks.data [ROWS]` makes the rows, asks each in a process of its own, checks that the answers are equal and
prints wall time and peak memory; then the same for everything RevLens asks of the rows (`gather`).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS, BATCH, SEED = 20_000_000, 1_000_000, 11
PER_CUSTOMER, MONTHS = 8, 96
FIRST_DAY = 17_532  # 2018-01-01, in days since 1970-01-01
MEGABYTE = 1024
FEW, EVERYTHING = "few.parquet", "everything (gather)"


def make(path: Path, rows: int) -> None:
    """Write subscriptions as RevLens reads them, an eighth as many customers, half of the rows ended by now."""
    from model.history.schema import SUBSCRIPTIONS

    random = np.random.default_rng(SEED)
    segments = pa.array(["Small", "Mid Market", "Enterprise"])
    with pq.ParquetWriter(path, SUBSCRIPTIONS) as writer:
        for start in range(0, rows, BATCH):
            count = min(BATCH, rows - start)
            customer = random.integers(0, max(rows // PER_CUSTOMER, 1), count)
            started = FIRST_DAY + random.integers(0, MONTHS * 30, count)
            ended = started + random.integers(1, 1500, count)
            numbers = pa.array(np.arange(start, start + count))
            writer.write_table(pa.table({
                "id": numbers.cast(pa.string()), "customer": pa.array(np.char.mod("cus_%08d", customer)),
                "segment": segments.take(pa.array(customer % 3)), "started": _days(started),
                "ended": _days(ended, ended > FIRST_DAY + MONTHS * 30),
                "yearly": pa.array(random.integers(1, 500, count) * 12_000), "term": pa.array(np.full(count, 12)),
                "billed": pa.array(np.full(count, 12)), "line": numbers,
            }, schema=SUBSCRIPTIONS))  # fmt: skip


def _days(days: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    return pa.array(days.astype(np.int32), mask=missing).cast(pa.date32())


def with_duckdb(path: Path) -> list[tuple[object, ...]]:
    """Ask as RevLens does, without segments."""
    from model.history.asking import expressions as ask
    from model.history.asking.engine import in_process

    with in_process(
        {"subscriptions": pq.read_table(path, columns=["customer", "started", "ended", "yearly"])}
    ) as engine:
        changed = ask.changes(engine.tables["subscriptions"])
        found = engine.answer(ask.movements(changed.mutate(place=0)))
    return found.groupby(["month", "movement"])[["customers", "arr"]].sum().reset_index().values.tolist()


def with_pandas(path: Path) -> list[tuple[object, ...]]:
    """Ask with pandas: the customers as categories, so that grouping is by numbers."""
    import pandas as pd

    rows = pd.read_parquet(path, columns=["customer", "started", "ended", "yearly"], dtype_backend="pyarrow")
    rows = rows[rows["yearly"] > 0]
    customer = rows["customer"].str.lower().astype("category").cat.codes.to_numpy()
    begin, end = (_pandas_months(rows[name]) for name in ("started", "ended"))
    yearly = rows["yearly"].to_numpy(dtype="int64")
    del rows
    stays, gone = (end < 0) | (end > begin), (end >= 0) & (end > begin)
    events = pd.DataFrame({
        "customer": np.concatenate([customer[stays], customer[gone]]),
        "month": np.concatenate([begin[stays], end[gone]]),
        "change": np.concatenate([yearly[stays], -yearly[gone]]),
    })  # fmt: skip
    monthly = events.groupby(["customer", "month"], sort=True)["change"].sum().reset_index()
    del events
    monthly = monthly[monthly["change"] != 0]
    by_customer = monthly.groupby("customer")
    after = by_customer["change"].cumsum()
    before = after - monthly["change"]
    movement = np.select(
        [~monthly["customer"].duplicated(), before == 0, after == 0, monthly["change"] > 0],
        ["new", "reactivation", "churn", "expansion"], "contraction",
    )  # fmt: skip
    named = monthly.assign(movement=movement, arr=monthly["change"].abs())
    found = named.groupby(["month", "movement"])["arr"].agg(["size", "sum"]).reset_index()
    return found.values.tolist()


def _pandas_months(days: object) -> np.ndarray:
    """Return months counted from 1970-01, -1 where there is no day."""
    import pandas as pd

    found = pd.Series(days).astype("datetime64[s]").to_numpy().astype("datetime64[M]").astype("int64")
    return np.where(found < 0, -1, found)


def with_polars(path: Path) -> list[tuple[object, ...]]:
    """Ask with Polars, lazily."""
    import polars as pl

    def month(name: str) -> pl.Expr:
        return (pl.col(name).dt.year().cast(pl.Int64) - 1970) * 12 + pl.col(name).dt.month().cast(pl.Int64) - 1

    rows = pl.scan_parquet(path).filter(pl.col("yearly") > 0)
    rows = rows.select(
        pl.col("customer").str.to_lowercase(), month("started").alias("begin"), month("ended").alias("end"), "yearly"
    )
    rows = rows.filter(pl.col("end").is_null() | (pl.col("end") > pl.col("begin")))
    starts = rows.select("customer", pl.col("begin").alias("month"), pl.col("yearly").alias("change"))
    ends = rows.filter(pl.col("end").is_not_null()).select(
        "customer", pl.col("end").alias("month"), -pl.col("yearly").alias("change")
    )
    monthly = (
        pl.concat([starts, ends])
        .group_by("customer", "month")
        .agg(pl.col("change").sum())
        .filter(pl.col("change") != 0)
    )
    monthly = monthly.sort("customer", "month").with_columns(
        after=pl.col("change").cum_sum().over("customer"), first=pl.col("customer").is_first_distinct()
    )
    movement = (
        pl.when("first").then(pl.lit("new"))
        .when(pl.col("after") == pl.col("change")).then(pl.lit("reactivation"))
        .when(pl.col("after") == 0).then(pl.lit("churn"))
        .when(pl.col("change") > 0).then(pl.lit("expansion"))
        .otherwise(pl.lit("contraction"))
    )  # fmt: skip
    found = monthly.group_by("month", movement.alias("movement")).agg(pl.len(), pl.col("change").abs().sum())
    return [tuple(row) for row in found.collect(engine="streaming").rows()]


def everything(path: Path) -> list[tuple[object, ...]]:
    """Ask all that RevLens asks of subscriptions."""
    from model.history.asking.engine import in_process
    from model.history.asking.gather import gather

    with in_process({"subscriptions": pq.read_table(path)}) as engine:
        facts = gather(engine, progress=_told)
    return [("rows of facts", sum(len(table) for table in vars(facts).values() if hasattr(table, "columns")))]


def _told(share: float, what: str) -> None:
    print(f"  {time.process_time():7.1f} s  {share:4.0%}  {what}", file=sys.stderr)


WAYS: dict[str, Callable[[Path], list[tuple[object, ...]]]] = {
    "Ibis and DuckDB": with_duckdb,
    "pandas": with_pandas,
    "Polars": with_polars,
    EVERYTHING: everything,
}


def measured(way: str, path: Path) -> dict[str, object]:
    """Return the answer, the seconds and the peak memory of one way, in a process of its own."""
    done = subprocess.run(  # noqa: S603 - of this file alone
        [sys.executable, "-m", "benchmarks.data", "--way", way, str(path)], stdout=subprocess.PIPE, check=False
    )
    if done.returncode:
        return {"failed": f"ended with {done.returncode}"}
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _one(way: str, path: Path) -> None:
    WAYS[way](path.with_name(FEW))  # everything imported
    began, worked = time.perf_counter(), time.process_time()
    answer = WAYS[way](path)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    print(
        json.dumps(
            {"answer": sorted([list(row) for row in answer]), "seconds": seconds, "worked": worked, "megabytes": peak},
            default=int,
        )
    )


def main(arguments: list[str]) -> None:
    """Make the rows, measure every way, print a table; end with an error if the answers differ."""
    if arguments[:1] == ["--way"]:
        _one(arguments[1], Path(arguments[2]))
        return
    rows = int(arguments[0]) if arguments else ROWS
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "subscriptions.parquet"
        make(path, rows)
        make(path.with_name(FEW), 1000)
        print(f"{rows:,} subscriptions, {path.stat().st_size / 1e6:,.0f} MB of Parquet; ARR movements by month")
        found = {way: measured(way, path) for way in WAYS}
    first = found["Ibis and DuckDB"]
    for way, one in found.items():
        if "failed" in one:
            print(f"  {way:<22} {one['failed']}")
            continue
        ratios = f"  {one['seconds'] / first['seconds']:4.1f} ×  {one['megabytes'] / first['megabytes']:4.1f} ×"
        print(
            f"  {way:<22} {one['seconds']:7.1f} s  {one['worked']:7.1f} s of a processor  {one['megabytes']:8,.0f} MB{ratios}"
        )
    asked = [one["answer"] for way, one in found.items() if "answer" in one and way != EVERYTHING]
    if any(answer != asked[0] for answer in asked):
        sys.exit("The answers differ.")
    print(f"  the answers are equal: {len(asked[0]):,} rows")


if __name__ == "__main__":
    main(sys.argv[1:])
