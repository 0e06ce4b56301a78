"""What the client knows about figures."""

from datetime import date

from bot.billing.figures.shapes import DayFigures
from bot.billing.transport import Transport


class FiguresClient(Transport):
    """What happened on a day, counted."""

    def figures(self, day: date) -> DayFigures:
        """Return the figures of a day; asked again later, the same."""
        return self._get(f"/figures?day={day}", DayFigures)
