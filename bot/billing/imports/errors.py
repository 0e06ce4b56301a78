"""What can be wrong with a file, or with one of its cells."""

from bot.billing.errors import BillingError
from bot.billing.imports.words import FileProblem, Problem


class ImportRefused(BillingError):
    """Nothing of the file went in; the message says why, in Portuguese."""

    def __init__(self, problem: FileProblem, **values: object) -> None:
        super().__init__(problem.value.format(**values))


class CellError(Exception):
    """A value that cannot be used; `field` where it is not the cell being read."""

    def __init__(self, problem: Problem, field: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.field = field
