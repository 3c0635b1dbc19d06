"""Whether what stands in the column of customers is customers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from model.history.rows import Rows
from model.history.texts import shown_text

ONE_CUSTOMER = 50
"""So many rows of one customer, and no other, are not taken for a history of customers unless the reader says so."""


def of_one_customer(rows: Rows, table: pa.Table) -> Iterator[str]:
    """Yield what is wrong if one customer owns all of many lines: such a column is the company's, a ledger's or a product's."""
    lines = len(np.unique(rows.lines[rows.used]))
    if "yearly" in table.column_names and lines >= ONE_CUSTOMER and len(table["customer"].unique()) == 1:
        header, name = rows.header("customer"), shown_text(table["customer"][0].as_py())
        yield (f"{rows.file}: all {lines:,} rows used are of one customer, {name!r}, so {header} is hardly the customer. "
               f"Name the column that is: HEADER=customer; if it is right, {header}=customer.")  # fmt: skip
