"""A company's own history: from exports and warehouses to measured values that say how they were measured.

The way of the data, one package a step, each knowing only those before it:

1. `reading`    the bytes of an upload or a path → the tables of `schema`; every row used, or set aside with its reason
2. `asking`     where the tables are, and what is asked of them, once for every engine → small, exact tables of counts and cents
3. `measuring`  those → rates and means with n, period and interval → a company that projects, and a report
4. `trust`      what it is worth: back-tests, plan and actuals
5. `command`    all of it as `revlens calibrate`; `trust_commands`: as `revlens backtest` and `revlens actuals`

Nothing of it but `command` is imported by `import model.command_line`, and nothing by `import model`: it needs Ibis,
DuckDB and Arrow, which take longer to start than the model.
"""
