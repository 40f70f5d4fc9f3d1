"""Campaigns as data, sentences and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cmo.briefs.answers import Answer, Data
from cmo.briefs.voice import Voice
from cmo.communication.campaign import Campaign, Checked, Stage, as_mapping
from cmo.communication.channels import CHANNELS
from cmo.communication.concepts import distances
from cmo.communication.tally import Tally
from cmo.measures import Language, Text

APPROVALS = {
    "none": Text("approval not asked for", "approbation non demandée"),
    "asked": Text("waits for approval", "attend l'approbation"),
    "approved": Text("approved", "approuvée"),
    "refused": Text("refused", "refusée"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A campaign with all that is told of it.

    Attributes:
        campaign: The campaign.
        version: Its version.
        stage: How far it has come.
        approval: Where its approval stands.
        checked: What stands between it and its publication.
        steps: Its life: stage, who, day, words.
        states: Messages by channel and arm, and how far they are.
        tallies: What each arm brought, by channel and batch.
    """

    campaign: Campaign
    version: int
    stage: Stage
    approval: str
    checked: Checked
    steps: tuple[tuple[str, str, date, str], ...]
    states: Mapping[tuple[str, str], Mapping[str, int]]
    tallies: tuple[Tally, ...]


def campaigns_answer(found: Sequence[Shown], *, language: Language) -> Answer:
    """All campaigns, a line each."""
    head = Text(
        "campaign|goal|segment|channels|state|approval", "campagne|objectif|segment|canaux|état|approbation"
    )
    everybody = Text("everybody", "tout le monde").in_(language)
    body = tuple(
        (
            one.campaign.id,
            one.campaign.title,
            one.campaign.brief.segment or everybody,
            ", ".join(one.campaign.channels),
            one.stage.says.in_(language),
            APPROVALS[one.approval].in_(language),
        )
        for one in found
    )
    none = Text(
        "There is no campaign yet. cmo campaigns new NAME makes one.",
        "Il n'y a encore aucune campagne. cmo campaigns new NOM en crée une.",
    )
    return Answer(
        data={"campaigns": [campaign_data(one, language) for one in found]},
        lines=() if found else (none.in_(language),),
        head=tuple(head.in_(language).split("|")) if found else (),
        body=body,
    )


def campaign_data(one: Shown, language: Language) -> Data:
    """A campaign as JSON shows it."""
    campaign = one.campaign
    return {
        **as_mapping(campaign),
        "test": campaign.test,
        "version": one.version,
        "stage": one.stage.value,
        "approval": one.approval,
        "distances": [
            {"of": a, "to": b, "distance": round(far, 3)}
            for (a, b), far in distances(campaign.concepts).items()
        ],
        "claims": [
            {
                "piece": piece,
                "id": claim.id,
                "kind": claim.kind.value,
                "sentence": claim.sentence,
                "proof": None
                if claim.proof is None
                else {"says": claim.proof.says, "source": claim.proof.source},
            }
            for piece, claims in one.checked.claims.items()
            for claim in claims
        ],
        "remarks": [
            {"piece": remark.piece, "says": remark.says.in_(language), "stops": remark.stops}
            for remark in one.checked.remarks
        ],
        "stops": [stop.in_(language) for stop in one.checked.stops],
        "life": [
            {"stage": stage, "by": by, "on": on.isoformat(), "words": words}
            for stage, by, on, words in one.steps
        ],
        "messages": [
            {"channel": channel, "arm": arm, **counted} for (channel, arm), counted in one.states.items()
        ],
        "results": [_tally(each) for each in one.tallies],
    }


def campaign_answer(one: Shown, *, language: Language) -> Answer:
    """One campaign: its brief, how far its concepts lie apart, what stops it, and its pieces."""
    voice, brief = Voice(language), one.campaign.brief
    lines = [
        f"{one.campaign.id} – {one.stage.says.in_(language)}, {APPROVALS[one.approval].in_(language)}",
        *_brief_lines(one, voice),
        "",
    ]
    colon = ":" if language == "en" else " :"
    lines += [f"{concept.id}{colon} {concept.idea}" for concept in one.campaign.concepts]
    lines += [
        voice.say(
            "  distance from {a} to {b}: {far}", "  distance de {a} à {b} : {far}", a=a, b=b, far=f"{far:.2f}"
        )
        for (a, b), far in distances(one.campaign.concepts).items()
    ]
    for piece in one.campaign.pieces:
        label = CHANNELS[piece.channel].label.in_(language)
        lines += ["", f"[{piece.id}] {label}", *([piece.title] if piece.title else []), piece.body]
    lines += ["", *_claim_lines(one, language)]
    stops = one.checked.stops
    if stops:
        lines += [Text("What stops it:", "Ce qui la bloque :").in_(language)]
        lines += [f"! {stop.in_(language)}" for stop in stops]
    lines += [
        f"- {remark.piece}: {remark.says.in_(language)}" for remark in one.checked.remarks if not remark.stops
    ]
    head = Text(
        "channel|variant|batch|sent|clicked|machines", "canal|variante|vague|envoyés|cliqués|machines"
    )
    body = tuple(
        (
            each.channel,
            each.arm,
            str(each.batch),
            voice.count(each.sent),
            voice.count(each.clicked),
            voice.count(each.robots),
        )
        for each in one.tallies
    )
    data = campaign_data(one, language)
    shown_head = tuple(head.in_(language).split("|")) if body else ()
    if brief.serves:
        lines.insert(1, voice.say("serves {what}", "sert {what}", what=brief.serves))
    return Answer(data=data, lines=tuple(lines), head=shown_head, body=body)


def _brief_lines(one: Shown, voice: Voice) -> list[str]:
    brief = one.campaign.brief
    said = [
        ("goal", "objectif", brief.goal),
        ("segment", "segment", brief.segment or voice.read(Text("everybody", "tout le monde"))),
        ("message", "message", brief.message),
        (
            "value driver",
            "levier de valeur",
            "" if brief.driver is None else f"{voice.read(brief.driver.says)} ({brief.driver.measure})",
        ),
        (
            "insight",
            "insight",
            "" if brief.insight is None else f"“{brief.insight.verbatim}” ({brief.insight.source})",
        ),
        (
            "facts",
            "faits",
            ", ".join(
                f"{{{{{fact.id}}}}} = {fact.written.in_(voice.language)}, {fact.says.in_(voice.language)}"
                for fact in brief.facts
            ),
        ),
        ("tone", "ton", ", ".join(brief.voice.tone)),
        ("forbidden", "interdits", ", ".join(brief.voice.forbidden)),
    ]
    colon = ": " if voice.language == "en" else " : "
    return [f"{en if voice.language == 'en' else fr}{colon}{value}" for en, fr, value in said if value]


def _claim_lines(one: Shown, language: Language) -> list[str]:
    lines = []
    for piece, claims in one.checked.claims.items():
        for claim in claims:
            proof = Text("no proof", "sans preuve").in_(language)
            if claim.proof is not None:
                proof = f"{claim.proof.says} ({claim.proof.source})"
            lines.append(
                f"{piece} · {claim.id} · {claim.kind.says.in_(language)} · {claim.sentence} → {proof}"
            )
    return lines


def _tally(one: Tally) -> Data:
    return {
        "channel": one.channel,
        "arm": one.arm,
        "batch": one.batch,
        "sent": one.sent,
        "clicked": one.clicked,
        "robots": one.robots,
    }
