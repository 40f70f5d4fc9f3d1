"""All that is known at one moment, as the judgement floor asks for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cmo.measures import Claim, Estimate, Unanswered, Window
from cmo.measures.predicates import Against


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Estimates and honest gaps, over the whole field and over the windows that claims ask for.

    Attributes:
        estimates: What is known of the whole field.
        unanswered: What could not be said, and why.
        during: The same for each window that some claim names.
    """

    estimates: tuple[Estimate, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    during: dict[Window, "Evidence"] = field(default_factory=dict)

    def of(self, measure: str) -> tuple[Estimate, ...]:
        """All estimates of a measure, the usual kind of subject first."""
        return tuple(one for one in self.estimates if one.measure == measure)

    def gap(self, measure: str) -> Unanswered | None:
        """Why a measure has no estimate, if that was said."""
        return next((one for one in self.unanswered if one.measure == measure), None)

    def bearing_on(self, claim: Claim) -> Estimate | None:
        """The estimate a claim speaks of: the one that knows its subjects, else the first of the measure.

        None when the measure has no estimate over the claim's window.
        """
        if claim.during is not None:
            inside = self.during.get(claim.during)
            whole = Claim(measure=claim.measure, predicate=claim.predicate, of=claim.of)
            return None if inside is None else inside.bearing_on(whole)
        known = self.of(claim.measure)
        wanted = set(_subjects(claim))
        for estimate in known:
            if wanted and wanted <= set(estimate.subjects):
                return estimate
        if not wanted:
            known = (*(one for one in known if one.whole is not None), *known)
        return known[0] if known else None


def windows_asked(claims: Iterable[Claim]) -> tuple[Window, ...]:
    """The distinct windows that claims name, in order."""
    return tuple(sorted({claim.during for claim in claims if claim.during is not None}))


def _subjects(claim: Claim) -> tuple[str, ...]:
    other = (claim.predicate.other,) if isinstance(claim.predicate, Against) else ()
    return (() if claim.of is None else (claim.of,)) + other
