"""A company's own history: from exports and warehouses to measured values that say how they were measured.

The way of the data, one module a step:

1. `files`        the bytes of an upload or a path → columns of text, numbers and days, with the habits they are written in
   (`csv_file`, `workbook`, `parquet_file`; `encodings`, `amounts`, `days`; `habits` and `settle`: proven or asked)
2. `rows`         each row used or set aside with its reason; `typed`: the tables of `schema`, by kind of file
3. `engine`       where the tables are: DuckDB in this process, Spark, a `warehouse` (its rows judged by `table_rows` and `table_typed`)
4. `expressions`  what is asked of them, once for every engine, in Ibis
5. `gather`       all of it asked → `facts`, the answers: small, exact tables of counts and cents
6. `measures`     facts → rates and means with n, period and interval
7. `calibrate`    measures over a template → a company that projects, and a report; `agreement`: whether it goes on as it did
8. `command`      all of it as `revlens calibrate`

Nothing of it but `command` is imported by `import model.command_line`, and nothing by `import model`: it needs Ibis, DuckDB and Arrow, which take longer to start than the model.
"""
