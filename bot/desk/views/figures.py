"""The manager's dashboard."""

from datetime import datetime

from flask import Response, render_template, request

from bot import db
from bot.business_hours import SAO_PAULO
from bot.conversations.handoff import record
from bot.desk.figures import charts, daily, indicators
from bot.desk.figures.counted import Counted, as_csv
from bot.desk.figures.period import LAST_DAYS, Period, UnreadablePeriod, months_before
from bot.desk.figures.words import month_words
from bot.desk.roles import May
from bot.desk.views import Refused, blueprint, me, needs


def _period() -> Period:
    try:
        return Period.of(request.args, datetime.now(SAO_PAULO).date())
    except UnreadablePeriod as error:
        raise Refused(str(error)) from None


@blueprint.get("/figures")
@needs(May.FIGURES)
def figures() -> str:
    """Indicators, charts and tables of a period, beside the one before it."""
    period, today = _period(), datetime.now(SAO_PAULO).date()
    now, before = Counted.read(period), Counted.read(period.before)
    return render_template(
        "desk/figures.html",
        period=period,
        last_days=LAST_DAYS,
        months=[(month, month_words(month)) for month in months_before(today, 13)],
        missing=now.missing(daily.began(), today),
        today_to_come=period.last >= today and today not in now.days,
        sections=indicators.read(now, before),
        charts=charts.all_of(now),
        funnel=charts.funnel(now),
        ageing=charts.ageing(now),
        compared=indicators.compared(now),
        reasons=charts.breakdown(
            now, "handed_over", "Por que foi para pessoas", ("Motivo", "Vezes")
        ),
        categories=charts.breakdown(
            now, "messages_priced", "Mensagens entregues por categoria", ("Categoria", "Mensagens")
        ),
    )


@blueprint.get("/figures.csv")
@needs(May.FIGURES)
def figures_csv() -> Response:
    """The figures of every day, row by row; taking them away is noted."""
    period = _period()
    with db.transaction() as session:
        record(session, None, me().who, "figures exported", period=str(period))
    name = f"indicadores-{period.first}-{period.last}.csv"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(as_csv(period), mimetype="text/csv", headers=headers)
