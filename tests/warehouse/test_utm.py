"""Links with UTM parameters: what is built holds every rule, what breaks one is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.measures import Problem
from cmo.warehouse.channels import Group
from cmo.warehouse.utm import MEDIUMS, Level, build_link, group_of, lint_link

GOOD = "https://shop.example/?utm_source=meta&utm_medium=paid_social&utm_campaign=soldes-2026"

LINKS: dict[str, tuple[str, list[str]]] = {
    "a link by the rules": (GOOD, []),
    "nothing at all": ("https://shop.example/", ["missing", "missing", "missing"]),
    "no campaign": ("https://x.example/?utm_source=a&utm_medium=cpc", ["missing"]),
    "an empty value": (GOOD.replace("meta", ""), ["empty"]),
    "capitals": (GOOD.replace("meta", "Meta"), ["case"]),
    "a space": (GOOD.replace("soldes-2026", "soldes%202026"), ["space"]),
    "a plus sign, which is a space": (GOOD.replace("soldes-2026", "soldes+2026"), ["space"]),
    "an accent": (GOOD.replace("soldes", "%C3%A9t%C3%A9"), ["sign"]),
    "an unknown medium": (GOOD.replace("paid_social", "brochure"), ["medium"]),
    "a parameter twice": (f"{GOOD}&utm_source=fb", ["twice"]),
    "a parameter nobody reads": (f"{GOOD}&utm_kampagne=x", ["name"]),
    "a parameter in capitals": (GOOD.replace("utm_source", "UTM_Source"), ["name"]),
    "an address": (GOOD.replace("soldes-2026", "ann@x.fr"), ["person"]),
    "a long value": (GOOD.replace("soldes-2026", "a" * 101), ["long"]),
    "parameters after the hash": (GOOD.replace("/?", "/#"), ["fragment", "missing", "missing", "missing"]),
    "no link": ("shop.example/?utm_source=a", ["link"]),
}


@pytest.mark.parametrize(("url", "rules"), LINKS.values(), ids=LINKS)
def test_each_broken_rule_is_told_in_both_languages(url: str, rules: list[str]) -> None:
    remarks = lint_link(url)
    assert [one.rule for one in remarks] == rules
    assert all(one.says.en and one.says.fr and one.says.en != one.says.fr for one in remarks)


@pytest.mark.parametrize(
    ("url", "rules"),
    [
        ("https://www.shop.example/a?utm_source=home", ["internal"]),
        ("https://blog.shop.example/?utm_source=home", ["internal"]),
        ("https://shop.example/a", []),
        (GOOD.replace("shop.example", "othershop.example"), []),
    ],
)
def test_links_on_the_companys_own_site_have_none(url: str, rules: list[str]) -> None:
    assert [one.rule for one in lint_link(url, site="shop.example")] == rules


def test_a_link_is_built_by_the_rules_and_says_what_it_changed() -> None:
    values = {"source": "Meta", "medium": "paid social", "campaign": "Soldes d'été 2026", "term": ""}
    link, told = build_link("https://shop.example/a?x=1&utm_source=old#top", values)
    assert link == (
        "https://shop.example/a?x=1&utm_source=meta&utm_medium=paid_social&utm_campaign=soldes-d-ete-2026#top"
    )
    assert told == {
        "utm_source": "meta",
        "utm_medium": "paid_social",
        "utm_campaign": "soldes-d-ete-2026",
    }
    assert group_of(link) is Group.PAID_SOCIAL


@pytest.mark.parametrize(
    ("url", "values", "says"),
    [
        ("shop.example", {}, "this is no link"),
        ("https://x.example", {"source": "a", "medium": "cpc"}, "utm_campaign is missing"),
        ("https://x.example", {"source": "a", "medium": "emial", "campaign": "c"}, "Did you mean email"),
        ("https://x.example", {"source": "!!", "medium": "cpc", "campaign": "c"}, "nothing is left"),
        ("https://x.example", {"source": "a@b.fr", "medium": "cpc", "campaign": "c"}, "e-mail address"),
    ],
)
def test_a_link_that_cannot_be_built_is_refused(url: str, values: dict[str, str], says: str) -> None:
    with pytest.raises(Problem, match=says):
        build_link(url, values)


WORDS = st.text(min_size=1, max_size=40).filter(lambda text: any(c.isascii() and c.isalnum() for c in text))
NO_ADDRESS = WORDS.filter(lambda text: "@" not in text)


@given(NO_ADDRESS, st.sampled_from(MEDIUMS), NO_ADDRESS)
def test_what_is_built_breaks_no_rule(source: str, medium: str, campaign: str) -> None:
    values = {"source": source, "medium": medium, "campaign": campaign}
    link, _ = build_link("https://shop.example/?q=a", values)
    assert [one for one in lint_link(link) if one.level is Level.ERROR] == []


def test_every_medium_is_sorted_into_a_channel() -> None:
    groups = {medium: group_of(f"https://x/?utm_source=partner&utm_medium={medium}") for medium in MEDIUMS}
    assert Group.UNASSIGNED not in groups.values()
