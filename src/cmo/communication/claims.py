"""What a text claims, sentence by sentence: each claim has a proof, or it blocks the piece."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from cmo.communication.channels import LINK
from cmo.communication.facts import NAMES, TOKEN, Fact, superlative_of, tokens_of
from cmo.measures import Text


class Kind(StrEnum):
    """What kind of thing is claimed; the stricter kinds are named by advertising law."""

    FACT = "fact"
    FIGURE = "figure"
    SUPERLATIVE = "superlative"
    COMPARISON = "comparison"
    ABSOLUTE = "absolute"
    HEALTH = "health"
    ENVIRONMENT = "environment"

    @property
    def says(self) -> Text:
        """Its name for people."""
        return _KINDS[self]


_KINDS: Final = {
    Kind.FACT: Text("figure of the ledger", "chiffre du registre"),
    Kind.FIGURE: Text("figure", "chiffre"),
    Kind.SUPERLATIVE: Text("superlative", "superlatif"),
    Kind.COMPARISON: Text("comparison", "comparaison"),
    Kind.ABSOLUTE: Text("promise without exception", "promesse sans exception"),
    Kind.HEALTH: Text("effect on health", "effet sur la santé"),
    Kind.ENVIRONMENT: Text("effect on the environment", "effet sur l'environnement"),
}
_SIGNS: Final = (
    (
        Kind.HEALTH,
        (
            r"\b(cures?|heals?|treats?|clinically|dermatolog\w+|hypoallergenic|anti-?ag\w+|guéri\w*|"
            r"soigne la|cliniquement|dermatologi\w+|hypoallergéni\w+|anti-?âge)\b"
        ),
    ),
    (
        Kind.ENVIRONMENT,
        (
            r"\b(eco-?friendly|carbon[- ]neutral|climate[- ]neutral|biodegradable|sustainable|green product|"
            r"écologiques?|éco-?responsables?|neutres? en carbone|biodégradables?|durables?|respectueux de "
            r"l.environnement)\b"
        ),
    ),
    (
        Kind.ABSOLUTE,
        (
            r"\b(guaranteed?|always|never fails|risk[- "
            r"]free|everyone|nobody|garantie?s?|toujours|jamais|sans risque|"
            r"tout le monde)\b"
        ),
    ),
    (
        Kind.COMPARISON,
        (
            r"\b(better than|cheaper than|faster than|more \w+ than|less \w+ than|mieux que|moins chers? que|"
            r"plus \w+ que|contrairement aux?|unlike)\b"
        ),
    ),
)
_PATTERNS: Final = tuple((kind, re.compile(signs, re.IGNORECASE)) for kind, signs in _SIGNS)
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?…]*")
_QUOTED: Final = re.compile(r"[«“][^»”]*[»”]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What bears a claim out.

    Attributes:
        says: What it shows, in a sentence.
        source: Where it stands: an address, a document, a measure, a test.
        until: Last day on which it may be used; none where it does not expire.
        given_by: Who gave it.
    """

    says: str
    source: str
    until: date | None = None
    given_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence that must be borne out.

    Attributes:
        id: The same sentence of the same kind always has the same.
        kind: What is claimed.
        sentence: The sentence.
        proof: What bears it out; none blocks the piece.
    """

    id: str
    kind: Kind
    sentence: str
    proof: Proof | None = None


def claims_of(
    text: str,
    *,
    facts: Sequence[Fact],
    proofs: Mapping[str, Proof],
    given: Iterable[str] = (),
    today: date | None = None,
) -> tuple[Claim, ...]:
    """What a text claims. Quotations are somebody's words, not ours; mandatory sentences are not looked at.

    Args:
        text: The text, with tokens.
        facts: Facts at hand: each proves itself.
        proofs: Proofs that people gave, by claim.
        given: Sentences that are prescribed.
        today: A proof that expired before counts no more.
    """
    for sentence in given:
        text = text.replace(sentence, " ")
    known = {one.id: one for one in facts}
    found: dict[str, Claim] = {}
    for match in _SENTENCE.finditer(_QUOTED.sub(" ", LINK.sub(" ", text))):
        sentence = match[0].strip()
        for kind in _kinds(sentence):
            key = _key(kind, sentence)
            proof = proofs.get(key)
            if proof is not None and today is not None and proof.until is not None and proof.until < today:
                proof = None
            if kind is Kind.FACT:
                proof = _of_fact(sentence, known)
            found[key] = Claim(id=key, kind=kind, sentence=sentence, proof=proof)
    return tuple(found.values())


def blocked(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Those without a proof."""
    return tuple(one for one in claims if one.proof is None)


def _kinds(sentence: str) -> list[Kind]:
    bare = TOKEN.sub(" ", sentence)
    kinds = [Kind.FACT] if any(name not in NAMES for name in tokens_of(sentence)) else []
    kinds += [Kind.FIGURE] if re.search(r"\d", bare) else []
    kinds += [Kind.SUPERLATIVE] if superlative_of(bare) else []
    return kinds + [kind for kind, signs in _PATTERNS if signs.search(bare)]


def _of_fact(sentence: str, known: Mapping[str, Fact]) -> Proof | None:
    named = [name for name in tokens_of(sentence) if name not in NAMES]
    if not all(name in known for name in named):
        return None
    first = known[named[0]]
    return Proof(says=first.says.en, source=f"{first.measure} {first.subject} {first.as_of}", given_by="cmo")


def _key(kind: Kind, sentence: str) -> str:
    plain = " ".join(sentence.casefold().split())
    return blake2b(f"{kind}|{plain}".encode(), digest_size=5).hexdigest()
