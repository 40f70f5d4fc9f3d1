# ruff: noqa: E501, ISC004 - a case is a line, and headers stand as the tools write them
"""Exports that cannot be taken, and consents: what a person is told, and what is never assumed."""

from collections.abc import Callable
from typing import Any

import pytest

from cmo.measures import Problem
from cmo.warehouse.engines import open_field
from cmo.warehouse.intake import read_sources
from cmo.workspace import Workspace

Made = Callable[..., Workspace]


@pytest.fixture
def made(tmp_path: Any) -> Made:
    def make(
        table: str, text: str, *, name: str = "a.csv", more: str = "", currency: str = "EUR"
    ) -> Workspace:
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / "cmo.yaml").write_text(
            f"company: {{name: A, currency: {currency}, timezone: Europe/Paris}}\n"
            f"sources:\n  {table}: {{path: {name}{more}}}\n"
        )
        return Workspace.open(tmp_path)

    return make


GOOGLE_RANGE = """Campaign report
"September 1, 2026 - September 30, 2026"
Campaign status,Campaign,Budget,Campaign type,Impr.,Interactions,Avg. cost,Cost,Currency code,Conversions,Cost / conv.
Enabled,Brand,10,Search,100,10,1.2,12.00,EUR,1,12
"""
REFUSED: dict[str, tuple[str, str, str]] = {
    "Google Ads over a period": ("media", GOOGLE_RANGE, "2026-09-01 to 2026-09-30, and days are needed.*Segment"),
    "Google Ads over a period in French": (
        "media",
        "Rapport sur les campagnes;;;;\n1 septembre 2026 - 30 septembre 2026;;;;\n"
        "Campagne;Type de campagne;Coût;Conversions;Coût/conv.\nÉté;Recherche;12,50;1,00;12,50\n",
        "2026-09-01 to 2026-09-30, and days are needed",
    ),
    "Google Ads by month": ("media", "Month,Campaign,Cost,Impr.\n2026-09,a,1.50,3\n", "gives months"),
    "Meta over a period": (
        "media",
        "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR)\n2026-09-01,2026-09-30,a,1.50\n",
        "sums over a period from 2026-09-01 to 2026-09-30.*Breakdown",
    ),
    "Meta in another currency": (
        "media",
        "Day,Campaign name,Amount spent (USD)\n2026-09-01,a,1.50\n",
        "in USD and the company counts in EUR",
    ),
    "Meta in another currency by row": (
        "media",
        "Day,Campaign name,Amount spent,Currency\n2026-09-01,a,1.50,USD\n",
        "an amount in EUR was expected",
    ),
    "GA4 over a period": (
        "outcomes",
        "# Start date: 20260101\n# End date: 20260923\n\nCountry,Active users,New users,Total revenue\nFrance,3,2,1.50\n",
        "2026-01-01 to 2026-09-23, and days are needed",
    ),
    "a comparison of Search Console": (
        "signals",
        "Top queries,Last 28 days Clicks,Previous 28 days Clicks,Last 28 days Impressions,Previous 28 days Impressions\n"
        "a,1,2,3,4\n",
        "compares two periods",
    ),
    "Search Console without its period": (
        "signals",
        "Requêtes les plus fréquentes;Clics;Impressions;CTR;Position\na;1;2;3,5%;4,2\n",
        "add period:",
    ),
    "HubSpot companies": (
        "customers",
        "Record ID,Company name,Website URL,Company owner,Create Date\n1,A,a.fr,Me,2026-01-01\n",
        "contacts and deals instead",
    ),
    "HubSpot deals of which none says won": (
        "orders",
        "Record ID,Deal Name,Deal Stage,Amount,Close Date\n1,A,Contrat reçu,10.50,2026-01-01\n",
        "Contrat reçu.*Is Closed Won",
    ),
    "an export under another table": ("orders", "Day,Campaign name,Amount spent (EUR)\n2026-09-01,a,1.50\n", "fills the table media"),
    "an amount that may be two": (
        "media",
        'Day,Campaign,Campaign ID,Cost\n2026-09-01,a,1,"1,234"\n',
        "decimal comma or a decimal point",
    ),
    "a day that may be two": ("media", "Day,Campaign,Campaign ID,Cost\n03/04/2026,a,1,1.50\n", "day or with the month"),
    "a quotation mark that is not closed": (
        "media",
        'Day,Campaign,Campaign ID,Cost\n2026-09-01,"a,1,1.50\n2026-09-02,b,1,1.50\n',
        "quotation mark|cells",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("table", "text", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_taken_is_refused_in_one_sentence(
    made: Made, table: str, text: str, says: str
) -> None:
    with pytest.raises(Problem, match=says) as caught:
        read_sources(made(table, text))
    assert len(caught.value.sentences) == 1


def test_a_format_that_is_not_known_names_the_nearest(made: Made) -> None:
    with pytest.raises(Problem, match=r"Did you mean google_ads\?"):
        read_sources(made("media", GOOGLE_RANGE, more=", format: google_add"))


def test_a_format_of_another_table_names_the_right_one(made: Made) -> None:
    with pytest.raises(Problem, match="fills the table orders"):
        read_sources(made("media", GOOGLE_RANGE, more=", format: stripe"))


def test_a_report_over_one_day_is_a_report_by_day(made: Made) -> None:
    text = GOOGLE_RANGE.replace("September 30", "September 1")
    assert rows(made("media", text), "media")[0]["spend"] == 12.0


def test_the_period_in_the_title_settles_the_order_of_day_and_month(made: Made) -> None:
    text = (
        "Campaign report\n3 April 2026 - 4 April 2026\nDay,Campaign,Campaign ID,Cost\n03/04/2026,a,1,1.50\n"
    )
    assert str(rows(made("media", text), "media")[0]["date"]) == "2026-04-03"


def test_a_column_of_an_export_can_be_said_otherwise(made: Made) -> None:
    text = "Day,Campaign,Campaign type,Campaign ID,Cost\n2026-04-03,a,Search,1,1.50\n"
    workspace = made("media", text, more=", format: google_ads, columns: {channel: Campaign type}")
    assert rows(workspace, "media")[0]["channel"] == "Search"


def test_a_file_with_the_canonical_columns_is_no_export(made: Made) -> None:
    text = "date,channel,spend,Campaign ID,Avg. cost,Cost\n2026-04-03,tv,1.50,1,1,99\n"
    assert rows(made("media", text), "media")[0]["spend"] == 1.5


def test_the_key_of_meta_replaces_restated_days(made: Made) -> None:
    head = "Day,Campaign name,Amount spent (EUR)\n"
    workspace = made("media", head + "2026-09-01,a,1.50\n2026-09-02,a,2.50\n", name="a1.csv")
    (workspace.folder / "a2.csv").write_text(head + "2026-09-02,a,3.50\n")
    (workspace.folder / "cmo.yaml").write_text(
        "company: {name: A, timezone: Europe/Paris}\nsources:\n  media: {path: 'a*.csv', format: meta_ads}\n"
    )
    workspace = Workspace.open(workspace.folder)
    report = read_sources(workspace)
    assert report.total("rows_restated") == 1
    assert sum(row["spend"] for row in open_rows(workspace, "media")) == 5.0


def rows(workspace: Workspace, table: str) -> list[dict[str, Any]]:
    read_sources(workspace)
    return open_rows(workspace, table)


def open_rows(workspace: Workspace, table: str) -> list[dict[str, Any]]:
    field = open_field(workspace)
    found: list[dict[str, Any]] = field.collect(field.table(table)).to_pylist()
    return found


MAILCHIMP = (
    "Email Address,First Name,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,LEID,EUID\n"
    "a@x.fr,A,,2026-05-01 10:00:00,2026-06-01 10:00:00,1,e\nb@x.fr,B,,,2026-06-01 10:00:00,2,f\n"
)
STANDS: dict[str, tuple[str, str, list[tuple[bool, bool]]]] = {
    "subscribed by the file": ("subscribed_x.csv", MAILCHIMP, [(True, False), (False, False)]),
    "unsubscribed by the file": ("unsubscribed_x.csv", MAILCHIMP, [(True, True), (False, True)]),
    "cleaned by the file": ("cleaned_x.csv", MAILCHIMP, [(False, True), (False, True)]),
    "a file that does not say": ("export.csv", MAILCHIMP, [(False, False), (False, False)]),
    "never subscribed": ("nonsubscribed_x.csv", MAILCHIMP, [(False, False), (False, False)]),
    "unsubscribed by a column": (
        "export.csv",
        "Email Address,CONFIRM_TIME,UNSUB_TIME,UNSUB_REASON,EUID\na@x.fr,2026-05-01 10:00:00,2026-06-01 10:00:00,,e\n",
        [(True, True)],
    ),
    "blacklisted by Brevo": (
        "export.csv",
        "EMAIL;NOM;PRENOM;SMS;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME;MODIFIED_TIME\n"
        "a@x.fr;A;B;;oui;non;12-04-2022 09:30;\nb@x.fr;A;B;;non;non;12-04-2022 09:30;\n",
        [(False, True), (False, False)],
    ),
    "Brevo's double opt-in": (
        "export.csv",
        "EMAIL;DOUBLE_OPT-IN;EMAIL_BLACKLISTED;ADDED_TIME\na@x.fr;1;no;12-04-2022 09:30\nb@x.fr;0;no;12-04-2022 09:30\n",
        [(True, False), (False, False)],
    ),
    "left Kit": ("export.csv", "first_name,email,created_at,status\nA,a@x.fr,2026-01-01,cancelled\n", [(False, True)]),
    "a yes of Shopify has no date": (
        "export.csv",
        "First Name,Email,Accepts Email Marketing,Total Spent,Total Orders\nA,a@x.fr,yes,1.50,1\n",
        [(False, False)],
    ),
    "left HubSpot": (
        "export.csv",
        "Record ID,Email,Lifecycle Stage,Create Date,Unsubscribed from all email\n1,a@x.fr,Lead,2026-01-01,true\n",
        [(False, True)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "stands"), STANDS.values(), ids=STANDS)
def test_a_consent_is_taken_where_it_is_proven_and_a_refusal_always(
    made: Made, name: str, text: str, stands: list[tuple[bool, bool]]
) -> None:
    found = sorted(rows(made("customers", text, name=name), "customers"), key=lambda row: row["customer_id"])
    told = [
        (row.get("email_consent_at") is not None, row.get("unsubscribed_at") is not None) for row in found
    ]
    assert told == stands
