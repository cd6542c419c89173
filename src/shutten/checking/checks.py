"""The exact checks, each of which looks for one way in which a claim can say what is not told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shutten.checking.additions import additions
from shutten.checking.assertion import (
    check_conditions,
    check_modality,
    check_negation,
    check_objects,
    check_quantifiers,
)
from shutten.checking.binding import check_bindings
from shutten.checking.case import Case
from shutten.checking.contrasts import check_contrasts
from shutten.checking.equations import check_equations
from shutten.checking.figures import check_dates, check_numbers, check_times
from shutten.checking.frequencies import check_frequencies
from shutten.checking.identities import check_identities
from shutten.checking.mosaics import check_firsts, check_mosaics
from shutten.checking.referents import (
    check_borrowed_subjects,
    check_doubled,
    check_one_of_many,
    check_pronouns,
)
from shutten.checking.sharing import check_shared
from shutten.checking.subjects import check_comparisons, check_exchanged
from shutten.checking.verdicts import Problem

CHECKS: tuple[Callable[[Case], Iterator[Problem]], ...] = (
    check_numbers,
    check_dates,
    check_times,
    check_bindings,
    check_mosaics,
    check_firsts,
    check_identities,
    check_exchanged,
    check_comparisons,
    check_pronouns,
    check_borrowed_subjects,
    check_doubled,
    check_one_of_many,
    check_contrasts,
    check_negation,
    check_modality,
    check_objects,
    check_conditions,
    check_quantifiers,
    check_frequencies,
    check_shared,
    check_equations,
    additions,
)


def problems_of(case: Case) -> list[Problem]:
    """Return what the exact checks find, without repetition."""
    return list(dict.fromkeys(problem for check in CHECKS for problem in check(case)))
