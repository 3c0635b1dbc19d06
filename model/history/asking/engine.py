"""Where the tables are: DuckDB inside this process, or Spark; `warehouse` connects to those of a company.

An engine has tables and answers expressions. Only answers leave it; nothing of a user's data is written to disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import duckdb
import ibis
import pandas as pd
import pyarrow as pa

from model.errors import ExportError

SEALED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",  # no file, no network: only what is registered
    "temp_directory": "",  # nothing is spilled
    "max_temp_directory_size": "0KB",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",  # no variable of this process is taken for a table
}


@dataclass(frozen=True)
class Engine:
    """Tables in one place, and the answers to expressions over them.

    Attributes
    ----------
    connection : ibis backend
        Where the tables are.
    tables : mapping of str to ibis table
        By kind, with the columns of `schema`.
    accounts : tuple
        For tables of a warehouse: how many rows were read, used and set aside (`table_rows.TableAccount`).
    sealed : bool
        It is DuckDB inside this process, made by `in_process`.
    """

    connection: Any
    tables: Mapping[str, Any]
    accounts: tuple[Any, ...] = ()
    sealed: bool = False
    _numbers: Iterator[int] = field(default_factory=count, repr=False)

    def answer(self, expression: Any) -> pd.DataFrame:
        """Return the rows an expression gives; whole numbers as int64, in no order.

        Raises
        ------
        ExportError
            The engine did not answer; in its own words.
        """
        rows: pd.DataFrame = self._asked(expression).to_pandas()
        return rows

    def kept(self, expression: Any) -> Any:
        """Return the rows of an expression as a table to ask further of.

        Inside this process they are held in memory until the engine is closed, in Spark as Spark holds them. A warehouse
        works them out again for every question, since a table of one's own may not be allowed there.
        """
        name = f"revlens_kept_{next(self._numbers)}"
        if self.connection.name == "pyspark":
            self._spark_rows(expression).cache().createOrReplaceTempView(name)
        elif self.sealed:
            self.connection.con.register(name, self._asked(expression))
        else:
            return expression
        return self.connection.table(name)

    def interrupt(self) -> None:
        """Cut short what DuckDB inside this process is answering, from another thread; asking then raises ExportError."""
        if self.sealed:
            with suppress(duckdb.ConnectionException):  # closed in the meantime
                self.connection.con.interrupt()

    def _asked(self, expression: Any) -> pa.Table:
        try:
            if self.connection.name == "pyspark":  # Ibis would go over pandas, which makes floats of numbers
                return self._spark_rows(expression).toArrow().cast(expression.schema().to_pyarrow())
            return self.connection.to_pyarrow(expression)
        except Exception as error:  # each engine has errors of its own, and no common ancestor
            said = str(error).strip().splitlines() or [type(error).__name__]
            raise ExportError(f"The {self.connection.name} engine could not answer: {said[0][:300]}") from None

    def _spark_rows(self, expression: Any) -> Any:
        return self.connection.raw_sql(self.connection.compile(expression))


@contextmanager
def in_process(tables: Mapping[str, pa.Table]) -> Iterator[Engine]:
    """Yield DuckDB inside this process over Arrow tables, which are read where they lie; closed afterwards.

    It is sealed: no file, no network, nothing spilled to disk. It uses all threads of the machine.

    Parameters
    ----------
    tables : mapping of str to pyarrow.Table
        By kind, with the columns of `schema`.
    """
    own = duckdb.connect(":memory:", config=SEALED)
    try:
        connection = ibis.duckdb.from_connection(own)
        own.execute("SET lock_configuration = true")
        for kind, table in tables.items():
            own.register(kind, table)
        yield Engine(connection, {kind: connection.table(kind) for kind in tables}, sealed=True)
    finally:
        own.close()


def spark(session: Any, tables: Mapping[str, pa.Table]) -> Engine:
    """Return Spark over Arrow tables: `session` is a SparkSession, or the address of a master such as "local[2]"."""
    if isinstance(session, str):
        session = _spark_session(session)
    connection = ibis.pyspark.connect(session)
    for kind, table in tables.items():
        session.createDataFrame(table).createOrReplaceTempView(f"revlens_{kind}")
    return Engine(connection, {kind: connection.table(f"revlens_{kind}") for kind in tables})


def _spark_session(master: str) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise ExportError("Spark is not installed; `pip install 'revlens[spark]'` adds it.") from None
    return SparkSession.builder.master(master).appName("RevLens").getOrCreate()
