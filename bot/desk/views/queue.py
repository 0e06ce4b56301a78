"""The queue, its search, and the stream that keeps every console up to date."""

from flask import Response, current_app, redirect, render_template, request, url_for

from bot.desk import rows
from bot.desk.live import TooMany, get_live
from bot.desk.roles import May
from bot.desk.views import blueprint, me, my_team, needs


@blueprint.get("/")
@needs(May.ACCOUNT)
def home() -> str | Response:
    """The queue; whoever sees no conversations begins elsewhere."""
    if me().may(May.TRAIN) and "training.home" in current_app.view_functions:
        return redirect(url_for("training.home"))  # type: ignore[return-value]
    if not me().may(May.READ):
        return render_template("desk/welcome.html")
    return render_template("desk/desk.html", rows=rows.open_rows(my_team()))


@blueprint.get("/rows")
@needs(May.READ)
def all_rows() -> str:
    """Every open conversation, after a console missed something."""
    return render_template("desk/_rows.html", rows=rows.open_rows(my_team()))


@blueprint.get("/search")
@needs(May.READ)
def search() -> str:
    """Conversations in whatever state; nothing asked is the open ones."""
    words = request.args.get("q", "").strip()
    if len(words) < 2:
        return all_rows()
    return render_template("desk/_rows.html", rows=rows.found(my_team(), words), searched=words)


@blueprint.get("/events")
@needs(May.READ)
def events() -> Response:
    """What changes, until the browser goes."""
    live, sees = get_live(), me().sees
    try:
        stream = live.join(sees)
    except TooMany:
        return Response(status=503, headers={"Retry-After": "5"})
    headers = {"X-Accel-Buffering": "no"}
    return Response(live.events(stream), mimetype="text/event-stream", headers=headers)
