"""What the field says of contracts: who is under one, since when, for how long, and who has ended it."""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from cmo.customers.evidence_base import ALL, MOST_CHANNELS, OTHER, UNKNOWN, coded, numbers, whole
from cmo.customers.lifetimes.contracts import SHOWN, UNLIKELY, Contracts, Renewals, renewals
from cmo.customers.purchases.fitting import Unsupported
from cmo.measures import DRAWS, MEASURES, Doubt, Estimate, Grade, Text, Unanswered, Window
from cmo.warehouse.field import Field

MEASURED = ("customers.renewal", "customers.staying")
ENDED, SINCE, LENGTH = "cancelled_at", "contract_since", "contract_months"
NO_CONTRACTS = Text(
    "No customer is known to be under contract: the table of customers has no column cancelled_at.",
    "Aucun client n'est connu comme étant sous contrat : la table des clients n'a pas de colonne "
    "cancelled_at.",
)
NO_START = Text(
    "It is known who ended a contract, and not since when it ran: give contract_since or acquired_at.",
    "On sait qui a mis fin à un contrat, mais pas depuis quand il courait : donnez contract_since ou "
    "acquired_at.",
)

Answers = list[Estimate | Unanswered]


def contracted(field: Field, *, rng: np.random.Generator) -> Answers:
    """Renewal and staying of customers under contract.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    columns = field.columns("customers") if "customers" in field.tables else ()
    if ENDED not in columns:
        return _unanswered(NO_CONTRACTS, unlock="customers.cancelled_at")
    if SINCE not in columns and "acquired_at" not in columns:
        return _unanswered(NO_START, unlock="customers.contract_since")
    try:
        contracts = contracts_of(field)
        found = renewals(contracts, rng=rng)
    except Unsupported as refusal:
        return _unanswered(refusal.reason, unlock="customers")
    doubts = () if found.as_modelled >= UNLIKELY else (_unlike(found.as_modelled),)
    asked = tuple(str(number) for number in range(1, SHOWN + 1))
    answers: Answers = [
        _estimate(field, "renewal", found, draws=found.renewing, subjects=asked, by="renewal", doubts=doubts)
    ]
    there = found.holders > 0
    if not there.any():
        nobody = Text("No contract runs any more.", "Plus aucun contrat ne court.")
        gap = Unanswered(measure="customers.staying", reason=nobody, unlock=("customers",))
        return [*answers, gap]
    total = found.staying.sum(axis=1, keepdims=True) / found.holders.sum()
    answers.append(
        _estimate(field, "staying", found, draws=total, subjects=("total",), by="total", doubts=doubts)
    )
    if contracts.channels != (ALL,):
        answers.append(
            _estimate(
                field,
                "staying",
                found,
                draws=found.staying[:, there] / found.holders[there],
                subjects=tuple(np.array(contracts.channels)[there].tolist()),
                by="acquisition_channel",
                doubts=doubts,
            )
        )
    return answers


def contracts_of(field: Field) -> Contracts:
    """Contracts of the customers, alike ones counted together.

    Args:
        field: The company's tables; customers have `cancelled_at` and either `contract_since` or
            `acquired_at`.

    Raises:
        Unsupported: There is no contract.
    """
    found = field.collect(_cells(field)).sort_by(
        [(name, "ascending") for name in ("channel", "length", "months", "ended")]
    )
    if not found.num_rows:
        raise Unsupported(Text("No customer is under contract.", "Aucun client n'est sous contrat."))
    kept = _few(found)
    names, channel = coded(kept)
    return Contracts(
        channels=names,
        channel=channel,
        length=whole(found, "length"),
        months=whole(found, "months"),
        ended=np.asarray(found["ended"].to_numpy(), dtype=np.bool_),
        weight=numbers(found, "contracts"),
    )


def _cells(field: Field) -> ir.Table:
    people, today = field.table("customers"), field.as_of
    since = people[SINCE] if SINCE in people.columns else people["acquired_at"]
    length = people[LENGTH].cast("int64") if LENGTH in people.columns else ibis.literal(1, type="int64")
    channel = (
        people.acquisition_channel.nullif("").fill_null(UNKNOWN)
        if "acquisition_channel" in people.columns
        else ibis.literal(ALL)
    )
    held = people.select(channel=channel, since=_day(since), until=_day(people[ENDED]), length=length)
    held = held.filter(held.since.notnull() & (held.since <= ibis.literal(today)))
    held = held.mutate(length=ibis.cases((held.length >= 1, held.length), else_=1))
    ended = (held.until.notnull() & (held.until <= ibis.literal(today))).fill_null(False)
    upto = ibis.cases((ended, held.until), else_=ibis.literal(today))
    first, last = (of.year() * 12 + of.month() for of in (held.since, upto))
    early = (upto.day() < held.since.day()).cast("int64")
    begun = (ended & (upto.day() != held.since.day())).cast("int64")  # a month begun counts where it ended
    keyed = held.select(
        "channel",
        "length",
        ended=ended,
        months=(last.cast("int64") - first.cast("int64") - early + begun),
    )
    keyed = keyed.filter(keyed.months >= 0)
    return keyed.group_by("channel", "length", "months", "ended").aggregate(contracts=keyed.count())


def _day(of: ir.Value) -> ir.DateValue:
    """A column as days; text that is no day is nothing."""
    if not isinstance(of, ir.StringValue):
        return of.cast("date")
    text = of.substr(0, 10)
    day: ir.DateValue = ibis.cases((text.re_search(r"^\d{4}-\d{2}-\d{2}$"), text)).cast("date")
    return day


def _few(found: pa.Table) -> pa.ChunkedArray:
    """The channels of the cells, small ones put together."""
    names = np.array(found["channel"].to_pylist())
    known, at = np.unique(names, return_inverse=True)
    size = np.bincount(at, weights=numbers(found, "contracts"))
    most = known[np.argsort(-size)[:MOST_CHANNELS]]
    return pa.chunked_array([pa.array(np.where(np.isin(names, most), names, OTHER).tolist())])


def _estimate(
    field: Field,
    name: str,
    found: Renewals,
    *,
    draws: np.ndarray,
    subjects: tuple[str, ...],
    by: str,
    doubts: tuple[Doubt, ...],
) -> Estimate:
    measure = f"customers.{name}"
    months = Text(f"{found.length} months", f"{found.length} mois")
    says = {
        "renewal": Text(
            f"Share of contract holders present who renew, by number of the renewal, of contracts of "
            f"{months.en}",
            f"Part des titulaires présents qui renouvellent, par rang d'échéance, contrats de {months.fr}",
        ),
        "staying": Text(
            "Share of the contracts that run today which will still run in twelve months",
            "Part des contrats en cours qui courront encore dans douze mois",
        ),
    }[name]
    today: date = field.as_of
    return Estimate.of_draws(
        measure,
        draws.reshape(DRAWS, -1),
        subjects=subjects,
        by=by,
        unit=MEASURES[measure].unit_in(field.company.currency),
        window=Window(start=today, end=today),
        as_of=today,
        method=Text(
            f"{says.en}: shifted beta-geometric, partially pooled over channels and lengths of contract.",
            f"{says.fr} : bêta-géométrique décalée, mise en commun en partie par canal et durée de contrat.",
        ),
        grade=Grade.C,
        tables=("customers",),
        doubts=doubts,
    )


def _unlike(chance: float) -> Doubt:
    return Doubt(
        code="renewals_unlike_the_model",
        says=Text(
            f"Renewals differ from the model more than chance would have it ({chance:.2g}): a price, an "
            "offer or a season may be behind it.",
            f"Les renouvellements s'écartent du modèle plus que le hasard ne le ferait ({chance:.2g}) : un "
            "prix, une offre ou une saison peuvent en être la cause.",
        ),
    )


def _unanswered(reason: Text, *, unlock: str) -> Answers:
    return [Unanswered(measure=name, reason=reason, unlock=(unlock,)) for name in MEASURED]
