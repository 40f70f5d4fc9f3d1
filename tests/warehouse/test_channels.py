"""GA4's default channel groups, and the many names of one channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.warehouse.channels import STANDARD, Group, Renamed, default_group, fold, renamed

VISITS = [
    ("(direct)", "(none)", "", Group.DIRECT),
    ("", "", "", Group.DIRECT),
    ("(direct)", "(not set)", "", Group.DIRECT),
    ("google", "cpc", "brand", Group.PAID_SEARCH),
    ("google", "cpc", "pmax cross-network fr", Group.CROSS_NETWORK),
    ("google", "cpc", "shopping-fr", Group.PAID_SHOPPING),
    ("google", "cpc", "workshop", Group.PAID_SEARCH),
    ("google", "cpc", "eshop", Group.PAID_SHOPPING),
    ("www.bing.com", "ppc", "", Group.PAID_SEARCH),
    ("qwant", "organic", "", Group.ORGANIC_SEARCH),
    ("search.yahoo.com", "referral", "", Group.ORGANIC_SEARCH),
    ("google.co.uk", "organic", "", Group.ORGANIC_SEARCH),
    ("facebook", "paid_social", "", Group.PAID_SOCIAL),
    ("ig", "cpc", "", Group.PAID_SOCIAL),
    ("m.facebook.com", "referral", "", Group.ORGANIC_SOCIAL),
    ("t.co", "referral", "", Group.ORGANIC_SOCIAL),
    ("partner", "social", "", Group.ORGANIC_SOCIAL),
    ("youtube", "cpv", "", Group.PAID_VIDEO),
    ("youtube", "cpc", "", Group.PAID_VIDEO),
    ("youtube.com", "referral", "", Group.ORGANIC_VIDEO),
    ("criteo", "retargeting", "", Group.PAID_OTHER),
    ("criteo", "display", "", Group.DISPLAY),
    ("partner", "cpm", "", Group.DISPLAY),
    ("amazon", "referral", "", Group.ORGANIC_SHOPPING),
    ("lemonde.fr", "referral", "", Group.REFERRAL),
    ("newsletter", "email", "", Group.EMAIL),
    ("e-mail", "weekly", "", Group.EMAIL),
    ("awin", "affiliate", "", Group.AFFILIATES),
    ("spotify", "audio", "", Group.AUDIO),
    ("brevo", "sms", "", Group.SMS),
    ("firebase", "whatever", "", Group.PUSH),
    ("app-name", "push", "", Group.PUSH),
    ("partner", "brochure", "", Group.UNASSIGNED),
    ("notgoogle.example.org", "brochure", "", Group.UNASSIGNED),
]


@pytest.mark.parametrize(("source", "medium", "campaign", "group"), VISITS)
def test_a_visit_falls_into_the_group_that_ga4_documents(
    source: str, medium: str, campaign: str, group: Group
) -> None:
    assert default_group(source, medium, campaign) is group
    assert default_group(f" {source.upper()} ", medium.upper(), campaign.upper()) is group


@given(st.text(max_size=30), st.text(max_size=20), st.text(max_size=30))
def test_every_visit_falls_into_one_group(source: str, medium: str, campaign: str) -> None:
    assert default_group(source, medium, campaign) in Group


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("fb", "meta"),
        ("IG", "meta"),
        ("facebook_ads", "meta"),
        ("FBIG", "meta"),
        ("Facebook / CPC", "meta"),
        ("Google Ads", "google_ads"),
        ("adwords", "google_ads"),
        ("google / cpc", "google_ads"),
        ("Télévision", "tv"),
        ("E-mailing", "email"),
    ],
)
def test_the_many_names_of_a_channel_are_one(name: str, channel: str) -> None:
    assert renamed([name], own={}, standard=True) == (Renamed(name=name, channel=channel),)
    assert renamed([name], own={}, standard=False) == ()


def test_a_name_of_its_own_and_an_unknown_one_stay() -> None:
    assert renamed(["meta", "tv", "Ouest-France"], own={}, standard=True) == ()


def test_the_companys_names_come_first() -> None:
    own = {"social": ["fb", "Insta Gram"]}
    found = {one.name: one.channel for one in renamed(["fb", "insta-gram", "ig"], own=own, standard=True)}
    assert found == {"fb": "social", "insta-gram": "social", "ig": "meta"}


def test_no_name_means_two_channels() -> None:
    seen: dict[str, str] = {}
    for channel, names in STANDARD.items():
        for name in (channel, *names):
            assert seen.setdefault(fold(name), channel) == channel, name
