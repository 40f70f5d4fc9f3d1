"""What channels are called: GA4's default groups by rule, and the many names of one channel.

The rules are those that Google documents for the default channel group of a session. Its lists of sites are
long; those here are the names that carry nearly all traffic, and any domain of theirs.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Group(StrEnum):
    """GA4's default channel groups."""

    DIRECT = "Direct"
    CROSS_NETWORK = "Cross-network"
    PAID_SHOPPING = "Paid Shopping"
    PAID_SEARCH = "Paid Search"
    PAID_SOCIAL = "Paid Social"
    PAID_VIDEO = "Paid Video"
    DISPLAY = "Display"
    PAID_OTHER = "Paid Other"
    ORGANIC_SHOPPING = "Organic Shopping"
    ORGANIC_SOCIAL = "Organic Social"
    ORGANIC_VIDEO = "Organic Video"
    ORGANIC_SEARCH = "Organic Search"
    REFERRAL = "Referral"
    EMAIL = "Email"
    AFFILIATES = "Affiliates"
    AUDIO = "Audio"
    SMS = "SMS"
    PUSH = "Mobile Push Notifications"
    UNASSIGNED = "Unassigned"


_SEARCH: Final = frozenset(
    (
        "360.cn", "alice", "aol", "ask", "auone", "avg", "babylon", "baidu", "biglobe", "bing", "brave",
        "centrum.cz", "cnn", "comcast", "conduit", "daum", "dogpile", "dsearch", "duckduckgo", "ecosia",
        "eniro", "exalead", "excite", "globo", "go.mail.ru", "goo.ne.jp", "google", "google-play",
        "incredimail", "kvasir", "lilo", "lycos", "msn", "naver", "najdi", "onet", "onet.pl",
        "perplexity", "qwant", "rakuten.co.jp", "rambler", "search-results", "seznam", "sogou",
        "startpage", "startsiden", "swisscows", "terra", "tut.by", "ukr", "virgilio", "yahoo", "yandex",
    )
)  # fmt: skip
_SOCIAL: Final = frozenset(
    (
        "badoo", "bluesky", "bsky.app", "discord", "douban", "facebook", "facebook.com", "fb", "flickr",
        "flipboard", "foursquare", "glassdoor", "goodreads", "hi5", "houzz", "ig", "instagram",
        "instagram.com", "kakao", "kakaostory", "line", "linkedin", "lnkd.in", "livejournal", "mastodon",
        "meetup", "messenger", "meta", "mixi", "myspace", "nextdoor", "ning", "odnoklassniki", "okru",
        "ok.ru", "orkut", "pinterest", "plurk", "quora", "reddit", "renren", "skyrock", "slack",
        "snapchat", "snap", "stackexchange", "stackoverflow", "t.co", "telegram", "threads", "tiktok",
        "trustpilot", "tumblr", "twitter", "viadeo", "vk", "vkontakte", "wechat", "weibo", "whatsapp",
        "x", "x.com", "xing", "yammer", "yelp",
    )
)  # fmt: skip
_VIDEO: Final = frozenset(
    (
        "crackle", "curiositystream", "dailymotion", "disneyplus", "hulu", "iqiyi", "netflix", "ted",
        "twitch", "utreon", "veoh", "viadeo.tv", "vimeo", "wistia", "youku", "youtube", "youtu.be",
    )
)  # fmt: skip
_SHOPPING: Final = frozenset(
    (
        "alibaba", "aliexpress", "amazon", "cdiscount", "ebay", "etsy", "fnac", "google-shopping",
        "idealo", "igshopping", "kelkoo", "ladenzeile", "manomano", "mercadolibre", "pricerunner",
        "rakuten", "shopify", "shopping", "shopzilla", "stripe", "temu", "twenga", "walmart", "zalando",
        "zalora",
    )
)  # fmt: skip

_PAID: Final = re.compile(r"(.*cp.*|ppc|retargeting|paid.*)")
_SHOP: Final = re.compile(r"(.*(([^a-df-z]|^)shop|shopping).*)")
_DISPLAY: Final = frozenset(("display", "banner", "expandable", "interstitial", "cpm"))
_SOCIAL_MEDIUM: Final = frozenset(
    ("social", "social-network", "social-media", "sm", "social network", "social media")
)
_EMAIL: Final = frozenset(("email", "e-mail", "e_mail", "e mail"))
_NOTHING: Final = frozenset(("(not set)", "(none)", ""))


def default_group(source: str, medium: str, campaign: str = "") -> Group:
    """GA4's default channel group of a visit.

    Args:
        source: utm_source, or the site the visit came from; (direct) or nothing where it is not known.
        medium: utm_medium; (none), (not set) or nothing where it is not known.
        campaign: utm_campaign.
    """
    source, medium, campaign = (text.strip().casefold() for text in (source, medium, campaign))
    if source in {"(direct)", ""} and medium in _NOTHING:
        return Group.DIRECT
    if "cross-network" in campaign:
        return Group.CROSS_NETWORK
    if _PAID.fullmatch(medium):
        return _paid(source, medium, campaign)
    if medium in _DISPLAY:
        return Group.DISPLAY
    return _unpaid(source, medium, campaign)


def _paid(source: str, medium: str, campaign: str) -> Group:
    if _is_of(source, _SHOPPING) or _SHOP.fullmatch(campaign):
        return Group.PAID_SHOPPING
    for sites, group in (
        (_SEARCH, Group.PAID_SEARCH),
        (_SOCIAL, Group.PAID_SOCIAL),
        (_VIDEO, Group.PAID_VIDEO),
    ):
        if _is_of(source, sites):
            return group
    return Group.DISPLAY if medium in _DISPLAY else Group.PAID_OTHER


def _unpaid(source: str, medium: str, campaign: str) -> Group:
    rules = (
        (_is_of(source, _SHOPPING) or _SHOP.fullmatch(campaign) is not None, Group.ORGANIC_SHOPPING),
        (_is_of(source, _SOCIAL) or medium in _SOCIAL_MEDIUM, Group.ORGANIC_SOCIAL),
        (_is_of(source, _VIDEO) or "video" in medium, Group.ORGANIC_VIDEO),
        (_is_of(source, _SEARCH) or medium == "organic", Group.ORGANIC_SEARCH),
        (medium in {"referral", "app", "link"}, Group.REFERRAL),
        (source in _EMAIL or medium in _EMAIL, Group.EMAIL),
        (medium == "affiliate", Group.AFFILIATES),
        (medium == "audio", Group.AUDIO),
        ("sms" in {source, medium}, Group.SMS),
        (
            medium.endswith("push") or "mobile" in medium or "notification" in medium or source == "firebase",
            Group.PUSH,
        ),
    )
    return next((group for holds, group in rules if holds), Group.UNASSIGNED)


def _is_of(source: str, sites: frozenset[str]) -> bool:
    """Whether a source is one of some sites: by name, or by a domain of that name."""
    if source in sites:
        return True
    labels = source.removeprefix("https://").removeprefix("http://").partition("/")[0].split(".")
    if len(labels) < 2:
        return False
    pairs = {".".join(labels[at : at + 2]) for at in range(len(labels) - 1)}
    return bool(pairs & sites or set(labels[:-1]) & sites)


STANDARD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "meta": (
            "fb", "ig", "fbig", "facebook", "instagram", "facebook ads", "instagram ads", "meta ads",
            "facebook instagram", "facebook / cpc", "facebook / paid_social", "instagram / paid_social",
            "meta / paid_social", "fb ads", "ig ads", "meta platforms",
        ),
        "google_ads": (
            "google ads", "adwords", "google adwords", "gads", "google / cpc", "google / ppc", "google cpc",
        ),
        "microsoft_ads": ("microsoft ads", "bing ads", "bing / cpc", "msads", "microsoft advertising"),
        "tiktok": ("tiktok ads", "tik tok", "tiktok / paid_social", "tiktok / cpc"),
        "linkedin": ("linkedin ads", "linked in", "linkedin / paid_social", "linkedin / cpc"),
        "snapchat": ("snap", "snapchat ads", "snap ads", "snapchat / paid_social"),
        "pinterest": ("pinterest ads", "pinterest / paid_social", "pinterest / cpc"),
        "x": ("twitter", "twitter ads", "x ads", "twitter / paid_social"),
        "youtube": ("youtube ads", "yt", "youtube / video", "youtube / cpc"),
        "amazon_ads": ("amazon ads", "amazon advertising", "amz ads"),
        "email": ("e-mail", "emailing", "e-mailing", "mailing", "newsletter / email", "brevo / email"),
        "affiliates": ("affiliate", "affiliation", "affiliate marketing"),
        "tv": ("television", "télé", "télévision"),
        "organic_search": ("seo", "organic search", "google / organic", "bing / organic"),
        "direct": ("(direct)", "(direct) / (none)", "direct / none"),
    }
)  # fmt: skip
"""The name of a channel to the other names it goes by in exports."""


def fold(name: str) -> str:
    """A channel's name without case, accents and punctuation, so that Facebook_Ads is facebook ads."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]+", "", "".join(sign for sign in plain if not unicodedata.combining(sign)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A name that counts as another.

    Attributes:
        name: As the data says.
        channel: What it counts as.
    """

    name: str
    channel: str


def renamed(names: Iterable[str], *, own: Mapping[str, Iterable[str]], standard: bool) -> tuple[Renamed, ...]:
    """Which names count as another channel.

    Args:
        names: The names in the data.
        own: The company's names: channel to its other names; they come before the well-known ones.
        standard: Whether the well-known names count too.
    """
    known: dict[str, str] = {}
    for table in (STANDARD if standard else {}, own):
        for channel, others in table.items():
            known |= dict.fromkeys((fold(channel), *map(fold, others)), channel)
    found = ((name, known.get(fold(name), name)) for name in sorted(set(names)))
    return tuple(Renamed(name=name, channel=channel) for name, channel in found if channel != name)
