"""From files to tables.

`files` joins the steps: the bytes become columns of text, numbers and days (`csv_file`, `workbook`, `parquet_file`) in the
habits they are written in (`encodings`, `amounts`, `days`; `habits` and `settle`: proven or asked); `columns` recognises
them; `cells` gives what is in them by field; `rows` uses each row or sets it aside with its reason; `typed` makes the tables, by
kind of file.
"""
