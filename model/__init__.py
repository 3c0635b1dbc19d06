"""RevLens, the model: projects revenue from retention, upsell and pipeline assumptions.

>>> from model import Scenario, load_shipped, project, read_move
>>> company = load_shipped("midmarket-saas")
>>> base = project(Scenario.of(company))
>>> moved = project(Scenario.of(company, [read_move("retention_rate", "0.93", company)]))
>>> bool(moved.total("arr_closing")[-1] > base.total("arr_closing")[-1])
True
"""

from model.catalogue import assumptions, sources
from model.company import Company
from model.company_file import company_toml, load_company, load_shipped, read_company, shipped
from model.engine import MODEL_VERSION, project, project_many
from model.errors import CatalogueError, CompanyError, ExportError, LensError, RevLensError, ScenarioError
from model.inputs import Inputs, varied
from model.lines import LINES
from model.links import read_link, write_link
from model.moves import Move, read_move
from model.projection import Projection
from model.scenario import Scenario

__all__ = [
    "LINES", "MODEL_VERSION", "CatalogueError", "Company", "CompanyError", "ExportError", "Inputs", "LensError", "Move", "Projection",
    "RevLensError", "Scenario", "ScenarioError", "assumptions", "company_toml", "load_company", "load_shipped",
    "project", "project_many", "read_company", "read_link", "read_move", "shipped", "sources", "varied", "write_link",
]  # fmt: skip
