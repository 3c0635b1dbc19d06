"""Frameworks of revenue operations, each as a lens on the one model: none has a number of its own.

- `lens`         the pages that data/lenses declares; `own_lens`: one put together on a page; `choosing`, `goals`: which to begin with
- `framework`    elements with five levels, of Gartner and McAlign; `maturity` and its link: steps between them, as a plan;
  `level_worth`, `scoreboard`, `life_cycle`: what a level is worth, to whom, and where in a customer's life
- `elements`     people, process, technology, data
- `layers`       Chargebee's layers of billing
- `point_worth`  RevOps.io's renewals
- `initiatives`  what is to be delivered; `delivery` and its link: waterfall or agile, as a plan; `delivery_case`: which earns more
- `scoring`      which leads first, as a plan; `segmentation`: where a lead is worth most

Plans act through `model.plans`; `model.links` reads and writes them.
"""
