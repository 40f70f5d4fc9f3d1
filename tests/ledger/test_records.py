from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps

from cmo.ledger import models
from cmo.ledger.challenges import answer_challenge
from cmo.ledger.records import Record
from cmo.ledger.reviews import Run, remember_review
from cmo.measures import Estimate
from cmo.strategy.challenge import ChallengeState
from cmo.strategy.evidence import Evidence
from cmo.strategy.verdict import Verdict

_OF_PERSONS = {
    models.CalendarLink,
    models.Click,
    models.ConsentEvent,
    models.Contact,
    models.Declaration,
    models.DiversityTable,
    models.Journalist,
    models.Outgoing,
    models.Pitch,
    models.Registration,
    models.Secret,
    models.Subscriber,
    models.Verbatim,
}
"""What is about persons can be erased."""
_REPLACED = {models.Checkout} | _OF_PERSONS
_RECORDS = [model for model in apps.get_app_config("ledger").get_models() if model not in _REPLACED]
refused = pytest.raises(RuntimeError, match="never changed, only superseded")


@pytest.mark.parametrize("model", _RECORDS, ids=lambda model: model.__name__)
def test_a_record_cannot_be_rewritten_or_deleted_in_bulk(ledger: Path, model: type[Record]) -> None:
    assert issubclass(model, Record)
    for rows in (model.rows.all(), model.rows.filter(pk=1)):
        with refused:
            rows.update(id=2)
        with refused:
            rows.delete()
        with refused:
            rows.bulk_update([], ["id"])
        with refused:
            rows.update_or_create(pk=1)
        with refused:
            rows.bulk_create([model()], update_conflicts=True, update_fields=["id"], unique_fields=["id"])


def test_a_record_that_is_kept_cannot_be_saved_again_or_deleted(
    ledger: Path,
    run: Callable[..., Run],
    estimate: Callable[..., Estimate],
    verdict: Callable[..., Verdict],
) -> None:
    remember_review(run(), evidence=Evidence(estimates=(estimate(),)), verdicts=[verdict()])
    answer_challenge(1, state=ChallengeState.ACCEPTED, words="", by="x")
    for model in (
        models.Review,
        models.Evidence,
        models.Finding,
        models.Verdict,
        models.Challenge,
        models.Answer,
    ):
        row = model.rows.get()
        with refused:
            row.save()
        with refused:
            row.delete()
        with refused:
            model.rows.filter(pk=row.pk).update(pk=7)


def test_a_row_given_the_number_of_a_kept_one_does_not_replace_it(
    ledger: Path, run: Callable[..., Run]
) -> None:
    remember_review(run("first"), evidence=Evidence(), verdicts=[])
    kept = models.Review.rows.get()
    other = models.Review(**{field.attname: getattr(kept, field.attname) for field in kept._meta.fields})
    other.fingerprint = "other"
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        other.save()
