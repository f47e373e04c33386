"""Conformance suites for whoever adds a process, a format, a model, an audit, an asking policy or a query.

Each raises an AssertionError that says how an entry differs from its declaration. They need neither pytest nor
hypothesis; with pytest, `Suite.cases` makes every check a test of its own::

    @pytest.mark.parametrize("case", check_process.cases(PROCESSES["first-come"]), ids=str)
    def test_first_come(case):
        case()
"""

from .audits import check_audit
from .formats import check_format
from .models import check_model
from .policies import check_policy
from .processes import check_process
from .queries import check_query
from .suite import Case, Suite

__all__ = [
    "Case",
    "Suite",
    "check_audit",
    "check_format",
    "check_model",
    "check_policy",
    "check_process",
    "check_query",
]
