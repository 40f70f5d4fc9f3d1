"""The names that beliefs, objectives, decisions, pages, the API and assistants speak in."""

from cmo.measures.measure import Measure
from cmo.measures.vocabulary.brand import BRAND
from cmo.measures.vocabulary.content import CONTENT
from cmo.measures.vocabulary.customers import CUSTOMERS
from cmo.measures.vocabulary.distribution import DISTRIBUTION
from cmo.measures.vocabulary.experiments import EXPERIMENTS
from cmo.measures.vocabulary.market import MARKET
from cmo.measures.vocabulary.media import MEDIA
from cmo.measures.vocabulary.sales import SALES
from cmo.measures.vocabulary.team import TEAM
from cmo.measures.vocabulary.value import VALUE

_ALL = (
    *SALES,
    *CUSTOMERS,
    *VALUE,
    *BRAND,
    *MARKET,
    *MEDIA,
    *DISTRIBUTION,
    *EXPERIMENTS,
    *CONTENT,
    *TEAM,
)

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
