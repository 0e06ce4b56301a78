"""The figures over HTTP."""

from apiflask import APIBlueprint

from bot.billing.figures.service import figures_of
from bot.billing.figures.shapes import DayFigures, FiguresQuery
from bot.billing.http import billing_context, require_token
from bot.db import transaction

figures_api = APIBlueprint("figures", __name__, tag="figures")
figures_api.before_request(require_token)


@figures_api.get("/figures")
@figures_api.input(FiguresQuery, location="query", arg_name="query")
@figures_api.output(DayFigures)
def get_figures(query: FiguresQuery) -> DayFigures:
    """Count what happened on a day, by the bot and by people, and what was late that night."""
    with transaction() as session:
        return figures_of(session, billing_context(), query.day)
