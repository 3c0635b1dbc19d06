"""From tables to facts.

`engine` says where the tables are: DuckDB in this process, Spark, a `warehouse` (its rows judged by `table_rows` and
`table_typed`). `expressions` holds every question, once, in Ibis; `gather` asks them all; `facts` are the answers.
"""
