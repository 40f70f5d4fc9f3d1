"""What can be asked of what is known: one literal mapping, from which programs and assistants are served.

Each question is answered by the same use case as the command of the same name, so that faces cannot differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from cmo.briefs.answers import Answer
from cmo.loop import field_diary, objections, team
from cmo.loop.answers import judged_beliefs, known_measures, one_measure
from cmo.loop.branding import funnelled, mapped_image
from cmo.loop.campaigns import listed as campaigns
from cmo.loop.campaigns import shown as campaign
from cmo.loop.challenging import challenges
from cmo.loop.channels import channels
from cmo.loop.choosing import Wish, analysed
from cmo.loop.cohorts import retained
from cmo.loop.contracts import renewed
from cmo.loop.customers import segmented
from cmo.loop.decisions import calibration, decisions, one_decision, tests_next
from cmo.loop.imports import imports
from cmo.loop.living import library
from cmo.loop.mapping import mapped
from cmo.loop.market import market
from cmo.loop.planning import plan
from cmo.loop.pricing import sold_prices, stated_prices
from cmo.loop.problems import one_problem, problems
from cmo.loop.publishing_calendar import calendar
from cmo.loop.radar import radar
from cmo.loop.testing import board, shown
from cmo.loop.voice import heard, promise, topics
from cmo.measures import Language, Text


class Asked(BaseModel):
    """What a question is asked with; most need nothing."""

    model_config = ConfigDict(extra="forbid")


class OfMeasure(Asked):
    """Which measure, and which subject of it."""

    name: Annotated[str, Field(description="Name of the measure, such as media.roi.", max_length=100)]
    of: Annotated[str | None, Field(description="One subject only, such as tv.", max_length=200)] = None


class Named(Asked):
    """Which object."""

    id: Annotated[str, Field(description="Its id.", max_length=100)]


class Money(Asked):
    """How much money."""

    budget: Annotated[
        float | None, Field(description="Money in all; that of the plan in force by default.", gt=0)
    ] = None


class Words(Asked):
    """What to look for."""

    words: Annotated[str, Field(description="Words to look for; all where empty.", max_length=200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and who answers it.

    Attributes:
        says: What it asks, for those who choose among questions.
        asked: What it is asked with.
        ask: `ask(folder, asked, language)`, the answer.
    """

    says: Text
    asked: type[Asked]
    ask: Callable[[Path, Any, Language | None], Answer]


def _alone(use_case: Callable[..., Answer]) -> Callable[[Path, Any, Language | None], Answer]:
    """Ask a use case that needs nothing but the folder."""
    return lambda folder, _asked, language: use_case(folder, language=language)


def _quiet(_step: Text) -> None:
    """Nobody watches the progress."""


QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        "measures": Question(
            says=Text(
                "All measures, and which of them the last review answered or why not.",
                "Toutes les mesures, et celles que la dernière revue a pu renseigner, ou pourquoi pas.",
            ),
            asked=Asked,
            ask=_alone(known_measures),
        ),
        "measure": Question(
            says=Text(
                "The estimates of one measure: mean, median and 90 % interval of each subject, with window, "
                "method, grade of evidence and warnings.",
                "Les estimations d'une mesure : moyenne, médiane et intervalle à 90 % de chaque sujet, avec "
                "fenêtre, méthode, niveau de preuve et réserves.",
            ),
            asked=OfMeasure,
            ask=lambda folder, asked, language: one_measure(
                folder, asked.name, of=asked.of, language=language
            ),
        ),
        "beliefs": Question(
            says=Text(
                "Each belief of the strategy with its probability of being true, the verdict and why.",
                "Chaque conviction de la stratégie, sa probabilité d'être vraie, le verdict et pourquoi.",
            ),
            asked=Asked,
            ask=_alone(judged_beliefs),
        ),
        "challenges": Question(
            says=Text(
                "Fallen beliefs and missed forecasts that wait for somebody's answer.",
                "Convictions démenties et prévisions manquées qui attendent une réponse.",
            ),
            asked=Asked,
            ask=_alone(challenges),
        ),
        "decisions": Question(
            says=Text(
                "What to change, best first, with expected profit, evidence and state; and what could not "
                "be decided, with the reason.",
                "Ce qu'il faut changer, le meilleur d'abord, avec profit attendu, preuves et état ; et ce "
                "qui n'a pu être décidé, avec la raison.",
            ),
            asked=Asked,
            ask=_alone(decisions),
        ),
        "decision": Question(
            says=Text(
                "Everything that is remembered of one decision.", "Tout ce qui est retenu d'une décision."
            ),
            asked=Named,
            ask=lambda folder, asked, language: one_decision(folder, asked.id, language=language),
        ),
        "calibration": Question(
            says=Text(
                "How well the forecasts and verdicts given so far kept their promise.",
                "Dans quelle mesure les prévisions et verdicts donnés ont tenu parole.",
            ),
            asked=Asked,
            ask=_alone(calibration),
        ),
        "plan": Question(
            says=Text(
                "The division of the budget with the highest expected profit, beside the plan in force.",
                "La répartition du budget au profit attendu le plus haut, à côté du plan en vigueur.",
            ),
            asked=Money,
            ask=lambda folder, asked, language: plan(
                folder, budget=asked.budget, progress=_quiet, language=language
            ),
        ),
        "tests": Question(
            says=Text("All tests with their state.", "Tous les tests avec leur état."),
            asked=Asked,
            ask=_alone(board),
        ),
        "test": Question(
            says=Text("Everything that is remembered of one test.", "Tout ce qui est retenu d'un test."),
            asked=Named,
            ask=lambda folder, asked, language: shown(folder, asked.id, language=language),
        ),
        "tests_next": Question(
            says=Text(
                "Which tests are worth more than they cost, best first.",
                "Quels tests valent plus que leur coût, le meilleur d'abord.",
            ),
            asked=Asked,
            ask=_alone(tests_next),
        ),
        "learnings": Question(
            says=Text(
                "What was learnt from tests, with what supports and contradicts it.",
                "Ce que les tests ont appris, avec ce qui l'appuie et le contredit.",
            ),
            asked=Words,
            ask=lambda folder, asked, language: library(
                folder, asked.words, segment=None, channel=None, language=language
            ),
        ),
        "strategy_map": Question(
            says=Text(
                "Goals, choices, bets and beliefs, and where they do not hold together.",
                "Buts, choix, paris et convictions, et là où ils ne tiennent pas ensemble.",
            ),
            asked=Asked,
            ask=_alone(mapped),
        ),
        "voice": Question(
            says=Text(
                "What customers say: aspects, how content they are, what moves their mark, what complaints "
                "rise; with quotes.",
                "Ce que disent les clients : aspects, satisfaction, ce qui fait leur note, les plaintes qui "
                "montent ; avec citations.",
            ),
            asked=Asked,
            ask=_alone(heard),
        ),
        "voice_topics": Question(
            says=Text(
                "Topics found in what customers write, with quotes.",
                "Les sujets trouvés dans ce qu'écrivent les clients, avec citations.",
            ),
            asked=Asked,
            ask=_alone(topics),
        ),
        "voice_promise": Question(
            says=Text(
                "What the positioning promises against what customers say.",
                "Ce que promet le positionnement, face à ce que disent les clients.",
            ),
            asked=Asked,
            ask=_alone(promise),
        ),
        "problems": Question(
            says=Text(
                "Customers' problems, what is at stake, and where they stand with those who build the "
                "product.",
                "Les problèmes des clients, ce qui est en jeu, et où ils en sont chez ceux qui font le "
                "produit.",
            ),
            asked=Asked,
            ask=_alone(problems),
        ),
        "problem": Question(
            says=Text(
                "Everything that is known of one of the customers' problems.",
                "Tout ce que l'on sait d'un problème des clients.",
            ),
            asked=Named,
            ask=lambda folder, asked, language: one_problem(folder, asked.id, language=language),
        ),
        "market": Question(
            says=Text(
                "The market: size, shares, growth, prices, what happened in it, what other sectors offer.",
                "Le marché : taille, parts, croissance, prix, ce qui s'y est passé, substituts d'autres "
                "secteurs.",
            ),
            asked=Asked,
            ask=_alone(market),
        ),
        "radar": Question(
            says=Text(
                "Topics that may rise: chance, ring, who moved them, ceiling, and how well the radar keeps "
                "its word; whether being early pays here.",
                "Sujets qui peuvent monter : chance, anneau, qui les a déplacés, plafond, et si le radar "
                "tient parole ; si être parmi les premiers paie ici.",
            ),
            asked=Asked,
            ask=_alone(radar),
        ),
        "channels": Question(
            says=Text(
                "The sales channels: revenue, share, growth, margin, stage; shared customers, what moves "
                "bring, what opened ones took from the others; pilots and the rules that end them.",
                "Les canaux de vente : chiffre d'affaires, part, croissance, marge, étape ; clients communs, "
                "ce qu'apportent les passages, ce que les nouveaux ont pris aux autres ; pilotes et règles "
                "d'arrêt.",
            ),
            asked=Asked,
            ask=_alone(channels),
        ),
        "segments": Question(
            says=Text(
                "The segments of customers: how many, what they are worth, how long silent; no names.",
                "Les segments de clients : combien, ce qu'ils valent, depuis quand muets ; aucun nom.",
            ),
            asked=Asked,
            ask=_alone(segmented),
        ),
        "cohorts": Question(
            says=Text(
                "Who of each month's new customers orders again, month by month, and who will.",
                "Qui, des nouveaux clients de chaque mois, recommande, mois après mois, et qui le fera.",
            ),
            asked=Asked,
            ask=_alone(retained),
        ),
        "contracts": Question(
            says=Text(
                "Customers under contract: who renews, and how many will still be there in a year.",
                "Les clients sous contrat : qui renouvelle, et combien seront encore là dans un an.",
            ),
            asked=Asked,
            ask=_alone(renewed),
        ),
        "choice_survey": Question(
            says=Text(
                "What the choice survey says: the model and why, what decides, what each level is worth in "
                "money, by segment.",
                "Ce que dit l'enquête de choix : le modèle et pourquoi, ce qui décide, ce que vaut chaque "
                "niveau en argent, par segment.",
            ),
            asked=Asked,
            ask=lambda folder, _asked, language: analysed(folder, wish=Wish(), language=language),
        ),
        "stated_prices": Question(
            says=Text(
                "Which prices people say they accept, with intervals, and how many contradict themselves.",
                "Les prix que les gens disent accepter, avec intervalles, et combien se contredisent.",
            ),
            asked=Asked,
            ask=lambda folder, _asked, language: stated_prices(folder, cost=None, language=language),
        ),
        "price_elasticity": Question(
            says=Text("How sales answered to prices.", "Comment les ventes ont répondu aux prix."),
            asked=Asked,
            ask=_alone(sold_prices),
        ),
        "brand_funnel": Question(
            says=Text(
                "Who knows, considers, prefers and buys each brand, and where ours loses people.",
                "Qui connaît, envisage, préfère et achète chaque marque, et où la nôtre perd du monde.",
            ),
            asked=Asked,
            ask=lambda folder, _asked, language: funnelled(folder, segment=None, language=language),
        ),
        "brand_image": Question(
            says=Text("What each brand stands for.", "Ce que chaque marque évoque."),
            asked=Asked,
            ask=_alone(mapped_image),
        ),
        "campaigns": Question(
            says=Text(
                "All campaigns: brief, pieces, claims with their proofs, what holds each back, results.",
                "Toutes les campagnes : brief, versions, affirmations et preuves, ce qui les "
                "retient, résultats.",
            ),
            asked=Asked,
            ask=_alone(campaigns),
        ),
        "campaign": Question(
            says=Text(
                "Everything that is remembered of one campaign.", "Tout ce qui est retenu d'une campagne."
            ),
            asked=Named,
            ask=lambda folder, asked, language: campaign(folder, asked.id, language=language),
        ),
        "calendar": Question(
            says=Text(
                "What goes out when over all channels, and what gets in each other's way.",
                "Ce qui part quand, sur tous les canaux, et ce qui se gêne.",
            ),
            asked=Asked,
            ask=lambda folder, _asked, language: calendar(folder, month=None, to=None, language=language),
        ),
        "imports": Question(
            says=Text(
                "What each reading of the sources brought: rows valid, refused, repeated, restated.",
                "Ce que chaque lecture des sources a apporté : lignes valides, refusées, répétées, reprises.",
            ),
            asked=Asked,
            ask=_alone(imports),
        ),
        "team": Question(
            says=Text(
                "The people of the team: role, skills, hours, load with its interval.",
                "L'équipe : rôle, compétences, heures, charge avec son intervalle.",
            ),
            asked=Asked,
            ask=_alone(team.people),
        ),
        "staffing": Question(
            says=Text(
                "Who does what in which week, what its hours cost, what is left undone.",
                "Qui fait quoi quelle semaine, ce que coûtent ses heures, ce qui reste à faire.",
            ),
            asked=Asked,
            ask=lambda folder, _asked, language: team.staffing(folder, keep=False, language=language),
        ),
        "gaps": Question(
            says=Text(
                "Skills and hours that are lacking, what would help and its price; who cannot fall ill.",
                "Compétences et heures qui manquent, ce qui aiderait et son prix ; qui est irremplaçable.",
            ),
            asked=Asked,
            ask=_alone(team.gaps),
        ),
        "work": Question(
            says=Text("Work to be done, with its state.", "Le travail à faire, avec son état."),
            asked=Asked,
            ask=lambda folder, _asked, language: team.work(folder, every=False, language=language),
        ),
        "requests": Question(
            says=Text(
                "What other departments are asked for, and what they say to it.",
                "Ce qui est demandé aux autres services, et leur réponse.",
            ),
            asked=Asked,
            ask=_alone(team.requests),
        ),
        "quota": Question(
            says=Text(
                "Contacts with customers this month by person, executives too.",
                "Contacts avec des clients ce mois-ci par personne, dirigeants compris.",
            ),
            asked=Asked,
            ask=_alone(field_diary.quota),
        ),
        "heard": Question(
            says=Text(
                "Days since each segment was last heard; what was said for and against beliefs.",
                "Jours depuis que chaque segment a été entendu ; ce qui a été dit pour et contre.",
            ),
            asked=Asked,
            ask=_alone(field_diary.heard_lately),
        ),
        "objections": Question(
            says=Text(
                "What audiences hold against us, and our answers with their facts.",
                "Ce qu'on nous oppose, et nos réponses avec leurs faits.",
            ),
            asked=Asked,
            ask=lambda folder, _asked, language: objections.listed(folder, audience=None, language=language),
        ),
        "sales_kit": Question(
            says=Text(
                "Which segments to call, arguments, objections with answers.",
                "Quels segments appeler, les arguments, les objections et leurs réponses.",
            ),
            asked=Asked,
            ask=lambda folder, _asked, language: objections.kit(folder, segment=None, language=language),
        ),
        "ask": Question(
            says=Text(
                "A question in plain words, answered from the fact base alone.",
                "Une question en mots simples, répondue par les faits seuls.",
            ),
            asked=Words,
            ask=lambda folder, asked, language: objections.asked(folder, asked.words, language=language),
        ),
    }
)
