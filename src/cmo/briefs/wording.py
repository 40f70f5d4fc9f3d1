"""The names of things in a brief: verdicts, tables, kinds of subjects, headings of outputs."""

from typing import Final

from cmo.briefs.document import Tone
from cmo.briefs.voice import Voice
from cmo.measures import MEASURES, Estimate, Text
from cmo.strategy.verdict import Stance

TONE: Final = {
    Stance.SUPPORTED: Tone.HOLDS,
    Stance.REFUTED: Tone.FELL,
    Stance.OPEN: Tone.OPEN,
    Stance.UNMEASURABLE: Tone.UNKNOWN,
}
BADGE: Final = {
    Stance.SUPPORTED: Text("borne out", "confirmée"),
    Stance.REFUTED: Text("contradicted", "démentie"),
    Stance.OPEN: Text("open", "ouverte"),
    Stance.UNMEASURABLE: Text("not measurable yet", "pas encore mesurable"),
}
BELIEF: Final = Text("belief", "conviction")
BELIEFS: Final = Text("beliefs", "convictions")

_TABLES: Final = {
    "orders": Text("orders", "commandes"),
    "customers": Text("customers", "clients"),
    "media": Text("media spend", "dépenses média"),
    "outcomes": Text("outcomes", "résultats à expliquer"),
    "context": Text("context", "contexte"),
    "touchpoints": Text("touchpoints", "points de contact"),
    "feedback": Text("feedback", "avis et réclamations"),
    "price_survey": Text("price survey", "enquête de prix"),
    "choices": Text("choice survey", "enquête de choix"),
    "brand_survey": Text("brand survey", "enquête de marque"),
    "market": Text("market", "marché"),
    "signals": Text("signals", "signaux"),
    "experiment_units": Text("test units", "unités de test"),
    "events": Text("events", "événements"),
    "content": Text("content", "contenus"),
}
_KINDS: Final = {
    "channel": Text("Channel", "Canal"),
    "segment": Text("Segment", "Segment"),
    "region": Text("Region", "Région"),
    "sales_channel": Text("Sales channel", "Canal de vente"),
    "acquisition_channel": Text("Acquisition channel", "Canal d’acquisition"),
    "category": Text("Category", "Catégorie"),
    "product": Text("Product", "Produit"),
    "brand": Text("Brand", "Marque"),
    "attribute": Text("Attribute", "Attribut"),
    "aspect": Text("Aspect", "Aspect"),
    "level": Text("Level", "Niveau"),
    "topic": Text("Topic", "Sujet"),
    "month": Text("Month", "Mois"),
    "age": Text("Age", "Ancienneté"),
    "test": Text("Test", "Test"),
    "person": Text("Person", "Personne"),
    "skill": Text("Skill", "Compétence"),
    "format": Text("Format", "Format"),
    "source": Text("Source", "Source"),
    "bound": Text("Bound", "Borne"),
    "top": Text("Best customers", "Meilleurs clients"),
    "move": Text("Move", "Passage"),
    "orders": Text("Orders so far", "Commandes à ce jour"),
    "cohort": Text("Month of first order", "Mois de première commande"),
}
_SUBJECTS: Final = {
    "total": Text("Total", "Total"),
    "next_12_months": Text("Next twelve months", "Douze prochains mois"),
    "other": Text("Other", "Autres"),
    "unknown": Text("Unknown", "Inconnu"),
}


def label_of(measure: str, *, voice: Voice) -> str:
    """The name of a measure for people."""
    known = MEASURES.get(measure)
    return measure if known is None else voice.read(known.label)


def label_by(estimate: Estimate, *, voice: Voice) -> str:
    """The name of an estimate for people, with what it is told by: `Revenue by region`."""
    name = label_of(estimate.measure, voice=voice)
    if len(estimate.subjects) == 1:
        return name
    kind = kind_of(estimate.by, voice=voice)
    kind = kind[:1].lower() + kind[1:]
    if kind in name:
        return name
    return voice.say("{name} by {kind}", "{name} par {kind}", name=name, kind=kind)


def kind_of(by: str, *, voice: Voice) -> str:
    """The name of a kind of subjects."""
    return voice.read(_KINDS.get(by, Text.same(by.replace("_", " ").capitalize())))


def subject_of(subject: str, *, voice: Voice) -> str:
    """The name of a subject: those that we named are translated, the company's own stay."""
    return voice.read(_SUBJECTS.get(subject, Text.same(subject)))


def table_of(table: str, *, voice: Voice) -> str:
    """The name of a table (or of a column of one), with the name it has in `cmo.yaml` where that differs."""
    name = voice.read(_TABLES.get(table.partition(".")[0], Text.same(table)))
    return table if name == table else f"{name} ({table})"


def tables_of(tables: tuple[str, ...], *, voice: Voice) -> str:
    """Several tables in a row of words."""
    return voice.listing([table_of(table, voice=voice) for table in tables])


def output_words(voice: Voice) -> dict[str, str]:
    """The fixed words of a page or document."""
    return {
        "skip": voice.say("Skip to the content", "Aller au contenu"),
        "contents": voice.say("Contents", "Sommaire"),
        "data": voice.say("The figures of this chart", "Les chiffres de ce graphique"),
        "appendix": voice.say("The figures of the charts", "Les chiffres des graphiques"),
        "replaced": voice.say(
            "Characters that the fonts of this document cannot draw are shown as □.",
            "Les caractères que les polices de ce document ne savent pas dessiner sont remplacés par □.",
        ),
    }
