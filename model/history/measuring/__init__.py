"""From facts to a company.

`measures` turns facts into rates and means with their n, period and interval; `calibrate` lays them over a template, and
`agreement` says whether the company goes on as it did.
"""
