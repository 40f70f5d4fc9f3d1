"""Words of praise and of blame, in French and in English: what helps where marks teach little."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

_PRAISE_WORDS = """
abordab* accueillant* adore* adorer agreab* aimable* aime aimer aimons attenti* authenti* beau*
beaux belle* bien bon bonne* bons bravo chaleur* charm* chouette* competent* confortab* content*
convivial* copieu* correct* coup-de-coeur creati* croustill* delice* delici* digne* discret* douce*
doux ecoute efficac* enchant* equilibr* excell* exception* exquis* extra fabul* facile* fantast*
felicit* fiab* fondant* formidab* fraiche* frais genereu* genial* gentil* gouteu* heureu* honnete*
ideal* impecc* incontourn* incroyab* inoubli* inventi* irreprochab* joli* justifie* leger* magnif*
maitris* meilleur* merci merveill* mieux naturel* original* parfait* pepite perle plaisir* plaisant*
ponctuel* pratique* professionnel* propre* qualite raffin* raisonnab* rapide* ravi ravie ravies
ravis recommand* regal* remarquab* reuss* romantique* satisf* savour* serieu* serviable* soigne*
solide* souri* spacieu* splend* sublime* succul* super superbe* sympa* talent* tendre* top tresor
unique* varie* visible* accommodat* addict* affordab* amaz* attentive authentic* awesome bargain
beauti* best better charming cheap clean comfort* consistent* convenient cool courteous cozy cosy
creative crisp* cute deligh* delect* delicious divine easy effective* efficient* enjoy* exquisite
fair fast favorite* favourite* flavor* flavour* fresh friendly fun gem generous* glad good gorgeous
gracious* great happy heaven* help helped helpful helps impress* incredib* inventive juicy justified
kind knowledgeab* light listens love loved lovely loves memorable nice nicely outstanding perfect*
phenomenal pleasant* pleased polite pretty promptly quaint quality quick* reasonab* recommend*
relax* reliab* romantic smooth soft softer spacious special spectacular stellar sturdy sublime
succulent superb* sweet tasty tender terrific thank* unbeatable unforgettable unique visible warm
welcoming well wonderful* works worth wow yummy
"""
PRAISE = frozenset(_PRAISE_WORDS.split())
_BLAME_WORDS = """
abim* absent* aberrant* affreu* agressi* antipath* arnaqu* arrogan* attend* attente* attrape* bacl*
banal* bof bruit* bruyant* brule* cafard* caoutchou* casse casse* catastroph* cher chere* chers
chimique* colle collant* congele* crame* cramee deception* decev* decu* deceu* defectu* degou*
degueul* desagreab* desinvol* dommage ecoeur* eleve* erreur* etroit* excess* exorbit* fade* fuir
fuyez froid froide* froids gras grasse* helas honte* horrib* ignob* immangeab* immonde* impoli*
inaccept* inadmiss* incompet* industriel* ineffic* inexist* infect* injoign* insipide* insuffis*
intoxic* inutil* lamentab* lent lente* lents limite long longue* lourd* mal malade* malheureu*
malpoli* manque* mauvais* mediocr* minuscul* moyen* nul nulle* nuls oubli* passab* perdu* piteu*
pitoyab* pire* plainte* probleme* prohibit* quelconque* rechauf* regrett* retard* ridicul* rikiki
sale sales salee* sauf scandal* sec seche* serre* surcuit* surfait* surgel* tiede* touriste* triste*
usine vetuste* vieillot* vide* vole* voleu* abysmal angry annoy* appalling attitude atrocious
average avoid* awful bad badly bland boring broke broken burned burnt chemical clueless cold
complain* cramped crowded damaged dingy dirty disappoint* disgust* dislike* downhill dry dull dump
expensive fail* faulty filthy forgot* freez* frozen greasy gross hate* horrend* however ignor*
inattentive incompetent indifferent inedible insult* joke lack* late lost loud lousy mediocre mess
messy microwav* mistake* nasty noisy oily overcooked overly overpriced overrated pathetic poor
poorly pretentious pricey refus* ridiculous* ripoff rotten rude* sad sadly salty shabby sick slow*
small snob* soggy stale steep sticky sucks tasteless terrib* thick tiny unacceptab* uncomfort*
undercooked unfortunat* unfriendly unhelpful unpleasant unprofessional unresponsive useless wait
waited waiting waste* weird worse worst wrong yuck
"""
BLAME = frozenset(_BLAME_WORDS.split())
"""Words without accents; an asterisk stands for any ending."""

_NEGATIONS_WORDS = """
aucun aucune guere jamais ni pas peu rien sans cannot hardly barely neither never no none nor not
nothing without
"""
NEGATIONS = frozenset(_NEGATIONS_WORDS.split())
_EXCESS_WORDS = """
trop too
"""
EXCESS = frozenset(_EXCESS_WORDS.split())

REACH = 3  # words after a negation that it may turn
SHORTEST_STEM = 3

_WORD = re.compile(r"[a-z0-9]+(?:n't|'t)?|,")


def plain(text: str) -> str:
    """The text in lower case, without accents, with straight apostrophes and no ligature."""
    if text.isascii():
        return text.lower()
    straight = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("œ", "oe")
    apart = unicodedata.normalize("NFKD", straight)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text, plain and in order, with its commas; the "plus" of "ne … plus" is "jamais"."""
    found = _WORD.findall(plain(text))
    return [
        "jamais" if word == "plus" and {"n", "ne"} & set(found[max(0, place - 3) : place]) else word
        for place, word in enumerate(found)
    ]


def negates(word: str) -> bool:
    """Whether a plain word turns what follows it."""
    return word in NEGATIONS or word.endswith("n't")


@cache
def valence(word: str) -> int:
    """1 for a plain word of praise, -1 for one of blame, 0 for any other; the longest stem decides."""
    for words, sign in ((PRAISE, 1), (BLAME, -1)):
        if word in words:
            return sign
    for end in range(len(word), SHORTEST_STEM - 1, -1):
        stem = f"{word[:end]}*"
        if stem in PRAISE:
            return 1
        if stem in BLAME:
            return -1
    return 0


def marked(words: Sequence[str]) -> list[str]:
    """The words, those that a negation reaches marked so that "good" and "not good" are two words."""
    found, reach = [], 0
    for word in words:
        found.append(f"not_{word}" if reach > 0 and not negates(word) else word)
        reach = _reach(word, reach)
    return found


def praise_and_blame(words: Sequence[str]) -> tuple[float, float]:
    """How often plain words praise and blame; a negation turns praise to blame, blame to half a praise.

    Args:
        words: Plain words in order.

    Returns:
        Praise and blame, each >= 0.
    """
    praise = blame = 0.0
    reach = 0
    for word in words:
        sign = valence(word)
        if sign > 0:
            praise, blame = (praise, blame + 1) if reach > 0 else (praise + 1, blame)
        elif sign < 0:
            praise, blame = (praise + 0.5, blame) if reach > 0 else (praise, blame + 1)
        elif word in EXCESS:
            blame += 1
        reach = _reach(word, reach)
    return praise, blame


def _reach(word: str, reach: int) -> int:
    """Words that the last negation still reaches after this one; a comma ends it."""
    if negates(word):
        return REACH
    return 0 if word == "," else reach - 1


def tone(text: str) -> int:
    """1 for a text that praises more than it blames, -1 for one that blames more, else 0.

    Where no word says, a bare negation ("no answer") blames.
    """
    words = words_of(text)
    praise, blame = praise_and_blame(words)
    if praise == blame == 0 and any(negates(word) for word in words):
        return -1
    return int(praise > blame) - int(praise < blame)
