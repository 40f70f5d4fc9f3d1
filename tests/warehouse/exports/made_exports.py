# ruff: noqa: E501, SIM905 - headers stand here as the tools write them, in one line each
"""Exports as each tool hands them out, made by code with their traps, and what they must come to.

What a file must come to is summed here from the numbers themselves, never read back from the text.
"""

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import xlsxwriter

NARROW, HARD = "\u202f", "\u00a0"
MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(),
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """An export.

    Attributes:
        name: What it is.
        format: Its name in cmo.yaml.
        table: The table it fills.
        records: Its records; what stands before the header has fewer cells.
        header: Position of the header.
        sums: What each canonical column must come to.
        left_out: Rows that must be left out, by reason.
        n_kept: Rows that must be kept.
        refused: Rules that refused rows must break.
        decimal: The decimal mark it is written with.
    """

    name: str
    format: str
    table: str
    records: list[list[str]]
    header: int
    sums: dict[str, Decimal]
    left_out: dict[str, int] = field(default_factory=dict)
    n_kept: int = 0
    refused: list[str] = field(default_factory=list)
    decimal: str = "."


def money(amount: Decimal, language: str) -> str:
    """1,234.50 or 1 234,50."""
    text = f"{amount:,.2f}"
    return text if language == "en" else text.replace(",", NARROW).replace(".", ",")


def count(number: int, language: str) -> str:
    return f"{number:,}".replace(",", "," if language == "en" else HARD)


def amounts(rng: random.Random, n: int) -> list[Decimal]:
    return [Decimal(rng.randrange(1, 500_000)) / 100 for _ in range(n)]


def google_ads(language: str, rng: random.Random) -> Case:
    en = language == "en"
    costs, views = amounts(rng, 20), [rng.randrange(0, 90_000) for _ in range(20)]
    header = (
        "Day,Campaign,Campaign ID,Device,Currency code,Cost,Avg. cost,Impr.,Clicks,Conversions,Conv. value,Conv. value / cost"
        if en
        else "Jour,Campagne,ID de la campagne,Appareil,Code de la devise,Coût,Coût moy.,Impr.,Clics,Conversions,Valeur de conv.,Valeur de conv./coût"
    ).split(",")
    first = date(2026, 8, 25)
    rows = []
    for at, (cost, view) in enumerate(zip(costs, views, strict=True)):
        day = first + timedelta(days=at // 2)
        shown = day.isoformat() if en else f"{day.day} {MONTHS['fr'][day.month - 1]} {day.year}"
        device = ("Mobile phones", "Computers")[at % 2]
        rows.append(
            [shown, "Total Été, « soldes »", "123", device, "EUR", money(cost, language), money(cost / 7, language),
             count(view, language), "--", "1.00" if en else "1,00", money(cost * 2, language), "2.00" if en else "2,00"]
        )  # fmt: skip
    missing = list(rows[0])
    missing[5] = "--"
    total = [
        "Total: Account" if en else f"Total{HARD}: compte",
        "",
        "--",
        "",
        "EUR",
        money(sum(costs), language),
    ]
    totals = [
        total + ["--"] * 6,
        ["Total: Campaigns" if en else "Total : campagnes", *total[1:]] + ["--"] * 6,
    ]
    title = [["Campaign report"], ["August 25, 2026 - September 3, 2026"]]
    if not en:
        title = [["Rapport sur les campagnes"], ["25 août 2026 - 3 septembre 2026"]]
    return Case(
        name=f"google_ads {language}", format="google_ads", table="media", header=2, decimal="." if en else ",",
        records=[*title, header, *rows, missing, *totals], n_kept=20, refused=["missing"],
        sums={"spend": sum(costs), "impressions": Decimal(sum(views)), "conversion_value": sum(costs) * 2},
        left_out={"preamble": 2, "total": 2},
    )  # fmt: skip


def meta_ads(language: str, rng: random.Random) -> Case:
    en = language == "en"
    costs, values = amounts(rng, 12), amounts(rng, 12)
    header = (
        ["Reporting starts", "Reporting ends", "Campaign name", "Ad set name", "Day", "Results", "Result indicator",
         "Amount spent (EUR)", "Impressions", "Reach", "Frequency", "CPM (cost per 1,000 impressions) (EUR)",
         "Link clicks", "CTR (all)", "Clicks (all)", "Purchases", "Purchases conversion value"]
        if en
        else ["Début des rapports", "Fin des rapports", "Nom de la campagne", "Nom de l’ensemble de publicités", "Jour",
              "Résultats", "Indicateur de résultats", "Montant dépensé (EUR)", "Impressions", "Couverture", "Répétition",
              "CPM (Coût pour 1 000 impressions) (EUR)", "Clics sur un lien", "CTR (tous)", "Clics (tous)", "Achats",
              "Valeur de conversion des achats"]
    )  # fmt: skip
    ratio = "1.23" if en else "1,23"
    rows = [
        ["2026-07-01", "2026-07-31", "Été", "Lookalike", (date(2026, 7, 1) + timedelta(days=at)).isoformat(), "3",
         "actions:offsite_conversion.fb_pixel_lead", money(cost, language), count(1000 + at, language), "900", ratio,
         ratio, "10", ratio, "99", "" if at == 3 else "2", money(value, language)]
        for at, (cost, value) in enumerate(zip(costs, values, strict=True))
    ]  # fmt: skip
    total = [
        "2026-07-01",
        "2026-07-31",
        "",
        "",
        "",
        "36",
        "",
        money(sum(costs), language),
        "12000",
        "9000",
        ratio,
    ]
    return Case(
        name=f"meta_ads {language}", format="meta_ads", table="media", header=0, decimal="." if en else ",",
        records=[header, total + [""] * 6, *rows], n_kept=12, left_out={"total": 1},
        sums={"spend": sum(costs), "conversion_value": sum(values), "conversions": Decimal(22), "clicks": Decimal(120)},
    )  # fmt: skip


def ga4(language: str, rng: random.Random) -> Case:
    en = language == "en"
    revenue = amounts(rng, 9)
    words = ("Account", "Property", "All Users", "Start date", "End date")
    if not en:
        words = ("Compte", "Propriété", "Tous les utilisateurs", "Date de début", "Date de fin")
    comments = [
        ["# ----------------------------------------"], ["# Free form"], [f"# {words[0]}: Maison"],
        [f"# {words[1]}: Site"], [f"# {words[2]}"], [f"# {words[3]}: 20260801"], [f"# {words[4]}: 20260803"], [],
    ]  # fmt: skip
    header = [
        "Date",
        "Session default channel group",
        "Sessions",
        "Engagement rate",
        "Key events",
        "Total revenue",
    ]
    if not en:
        header = ["Date", "Groupe de canaux par défaut de la session", "Sessions", "Taux d'engagement",
                  "Évènements clés", "Revenu total"]  # fmt: skip
    rows = [
        [
            f"2026080{1 + at // 3}",
            ("Organic Search", "Direct", "Email")[at % 3],
            "1234",
            "0.5123",
            "7",
            f"{one:.2f}",
        ]
        for at, one in enumerate(revenue)
    ]
    grand = ["", "", "11106", "0.5123", "63", f"{sum(revenue):.2f}", "Grand total"]
    other = [[], [f"# {words[2]}"], ["Country" if en else "Pays", "Sessions", "Total revenue" if en else "Revenu total"],
             ["France", "1234", "12.50"], ["Belgium", "12", "1.50"]]  # fmt: skip
    return Case(
        name=f"ga4 {language}", format="ga4", table="outcomes", header=8, n_kept=9,
        records=[*comments, header, *rows, grand, *other], sums={"value": sum(revenue)},
        left_out={"preamble": 8, "total": 1, "repeated": 3},
    )  # fmt: skip


def search_console(language: str, rng: random.Random) -> Case:
    en = language == "en"
    views = [rng.randrange(1000, 90_000) for _ in range(20)]
    header = (
        ["Date", "Clicks", "Impressions", "CTR", "Position"]
        if en
        else ["Date", "Clics", "Impressions", "CTR", "Position"]
    )
    rows = []
    for at, view in enumerate(views):
        day = date(2026, 9, 1) + timedelta(days=at)
        shown = f"{day.month}/{day.day}/{day.year}" if en else f"{day:%d/%m/%Y}"
        rows.append(
            [shown, "120", count(view, language), "3.5%" if en else f"4,2{HARD}%", "4.2" if en else "4,2"]
        )
    return Case(
        name=f"search_console {language}", format="search_console", table="signals", header=0, n_kept=20,
        records=[header, *rows], sums={"volume": Decimal(sum(views))}, decimal="." if en else ",",
    )  # fmt: skip


SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,"
    "Billing Zip,Shipping Country,Shipping Phone,Cancelled at,Payment Method,Refunded Amount,Vendor,Id,Tags,Source,"
    "Lineitem discount"
).split(",")


def shopify_orders(language: str, rng: random.Random) -> Case:
    del language  # Shopify writes its orders in English everywhere
    rows, revenue = [], Decimal(0)
    left = {"cancelled": 0, "unpaid": 0}
    for at in range(12):
        prices = amounts(rng, 1 + at % 3)
        gross = sum(prices, Decimal(0))
        discount = (gross / 10).quantize(Decimal("0.01")) if at % 4 == 0 else Decimal(0)
        subtotal = gross - discount
        refund = (
            (subtotal / 3).quantize(Decimal("0.01"))
            if at % 5 == 1
            else subtotal + 5
            if at == 7
            else Decimal(0)
        )
        cancelled, voided = at == 3, at == 8
        if cancelled or voided:
            left["cancelled" if cancelled else "unpaid"] += len(prices)
        else:
            revenue += subtotal - min(refund, subtotal)
        head = {
            "Email": f"Client{at % 5}@Example.org", "Financial Status": "voided" if voided else "paid", "Currency": "EUR",
            "Subtotal": f"{subtotal:.2f}", "Shipping": "5.00", "Taxes": "1.00", "Total": f"{subtotal + 5:.2f}",
            "Discount Amount": f"{discount:.2f}", "Billing Zip": "'75001", "Refunded Amount": f"{refund:.2f}",
            "Cancelled at": "2026-05-04 10:00:00 +0200" if cancelled else "",
        }  # fmt: skip
        for line, price in enumerate(prices):
            cells = {
                "Name": f"#{1000 + at}", "Created at": "2026-05-01 10:00:00 +0200", "Lineitem quantity": "1",
                "Lineitem name": 'Crème "Aurore", 50 ml', "Lineitem price": f"{price:.2f}", "Lineitem sku": "C1",
                **(head if line == 0 else {"Email": head["Email"]}),
            }  # fmt: skip
            rows.append([cells.get(name, "") for name in SHOPIFY])
    return Case(
        name="shopify_orders en", format="shopify_orders", table="orders", header=0, records=[list(SHOPIFY), *rows],
        n_kept=len(rows) - sum(left.values()), sums={"revenue": revenue}, left_out=left,
    )  # fmt: skip


def shopify_customers(language: str, rng: random.Random) -> Case:
    header = ["First Name", "Last Name", "Email", "Accepts Email Marketing", "Company", "Address1", "City", "Country Code",
              "Phone", "Accepts SMS Marketing", "Total Spent", "Total Orders", "Tags", "Note", "Tax Exempt"]  # fmt: skip
    if language == "fr":
        header = ["Prénom", "Nom", "E-mail", "Accepte le marketing par e-mail", "Entreprise", "Adresse1", "Ville",
                  "Code du pays", "Téléphone", "Accepte le marketing par SMS", "Total dépensé", "Total des commandes",
                  "Étiquettes", "Note", "Exonéré de taxes"]  # fmt: skip
    rows = [
        ["Anne", "Le Gall", f"a{at}@example.org", "yes" if at % 2 else "no", "", "1 rue", "Lyon", "FR", "'+33600000000",
         "no", f"{one:.2f}", "3", "vip", "", "no"]
        for at, one in enumerate(amounts(rng, 8))
    ]  # fmt: skip
    return Case(
        name=f"shopify_customers {language}", format="shopify_customers", table="customers", header=0,
        records=[header, *rows], n_kept=8, sums={},
    )  # fmt: skip


def stripe(language: str, rng: random.Random) -> Case:
    header = ["id", "Description", "Seller Message", "Created (UTC)", "Amount", "Amount Refunded", "Currency",
              "Converted Amount", "Converted Amount Refunded", "Fee", "Tax", "Converted Currency", "Mode", "Status",
              "Statement Descriptor", "Customer ID", "Customer Description", "Customer Email", "Captured", "Card ID",
              "Invoice ID", "PaymentIntent ID"]  # fmt: skip
    if language == "fr":
        header = ["id", "Description", "Message du vendeur", "Créé (UTC)", "Montant", "Montant remboursé", "Devise",
                  "Montant converti", "Montant remboursé converti", "Frais", "Taxe", "Devise convertie", "Mode", "Statut",
                  "Libellé du relevé", "ID du client", "Description du client", "E-mail du client", "Capturé",
                  "ID de la carte", "Invoice ID", "PaymentIntent ID"]  # fmt: skip
    rows, revenue, refused = [], Decimal(0), []
    for at, paid in enumerate(amounts(rng, 15)):
        back = (paid / 4).quantize(Decimal("0.01")) if at % 3 == 0 else Decimal(0)
        status, mode = (
            ("Failed" if at == 4 else "Refunded" if back else "Paid"),
            ("Test" if at == 5 else "Live"),
        )
        currency, converted = ("usd" if at in {6, 7} else "eur"), ("eur" if at != 7 else "usd")
        other = (paid / 2).quantize(Decimal("0.01"))
        if at == 7:
            refused.append("currency:EUR")
        elif at not in {4, 5}:
            revenue += other if at == 6 else paid - back
        rows.append(
            [f"ch_{at}", "Order", "ok", "2026-05-01 23:30:00", money(paid, language), money(back, language), currency,
             money(other if at in {6, 7} else paid, language), "0", "0", "0", converted, mode, status, "X", "cus_1", "",
             "A@example.org", "true", "card_1", "", "pi_1"]
        )  # fmt: skip
    # a refund of the payment that was converted is told in the converted currency, and is nothing here
    rows[6][5] = money(Decimal(0), language)
    return Case(
        name=f"stripe {language}", format="stripe", table="orders", header=0, records=[header, *rows], n_kept=12,
        sums={"revenue": revenue}, left_out={"unpaid": 1, "trial": 1}, refused=refused,
        decimal="." if language == "en" else ",",
    )  # fmt: skip


def hubspot_contacts(language: str, rng: random.Random) -> Case:
    del rng
    header = ["Record ID", "First Name", "Last Name", "Email", "Phone Number", "Lifecycle Stage", "Contact owner",
              "Create Date", "Original Source", "Unsubscribed from all email", "Last Modified Date"]  # fmt: skip
    if language == "fr":
        header = ["ID d'enregistrement", "Prénom", "Nom", "E-mail", "Numéro de téléphone", "Phase du cycle de vie",
                  "Propriétaire du contact", "Date de création", "Source d'origine", "Désinscrit de tous les e-mails",
                  "Date de dernière modification"]  # fmt: skip
    rows = [
        [str(100 + at), "A", "B", f"a{at}@example.org;b@example.org", "", "Customer" if at % 2 else "Lead", "Me",
         "2026-05-01 10:05" if at else "1 mai 2026", "Organic Search", "true" if at == 2 else "false", "2026-06-01 08:00"]
        for at in range(6)
    ]  # fmt: skip
    return Case(
        name=f"hubspot_contacts {language}", format="hubspot_contacts", table="customers", header=0,
        records=[header, *rows], n_kept=6, sums={},
    )  # fmt: skip


def hubspot_deals(language: str, rng: random.Random) -> Case:
    en = language == "en"
    header = ["Record ID", "Deal Name", "Deal Stage", "Amount", "Currency", "Close Date", "Deal owner",
              "Associated Company IDs", "Associated Contact IDs"]  # fmt: skip
    if not en:
        header = ["ID d'enregistrement", "Nom de la transaction", "Phase de la transaction", "Montant", "Devise",
                  "Date de fermeture", "Propriétaire de la transaction", "ID des entreprises associées",
                  "ID des contacts associés"]  # fmt: skip
    won, lost = ("Closed Won", "Closed Lost") if en else ("Fermé gagné", "Fermé perdu")
    deals = amounts(rng, 9)
    rows = [
        [str(at), "Contrat", lost if at % 3 == 0 else won, money(one, language), "EUR",
         "2026-05-01 10:05" if at % 2 else "13/05/2026", "Me", "9;8", "123;124"]
        for at, one in enumerate(deals)
    ]  # fmt: skip
    return Case(
        name=f"hubspot_deals {language}", format="hubspot_deals", table="orders", header=0, records=[header, *rows],
        n_kept=6, left_out={"open": 3}, decimal="." if en else ",",
        sums={"revenue": sum((one for at, one in enumerate(deals) if at % 3), Decimal(0))},
    )  # fmt: skip


def mailchimp(language: str, rng: random.Random) -> Case:
    del language, rng
    header = (
        "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,"
        "GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
    ).split(",")
    rows = [
        [f"a{at}@example.org", "A", "B", "2", "", "", "2026-05-01 10:00:00" if at else "", "1.1.1.1", "48.1", "2.3", "1",
         "2", "Europe/Paris", "FR", "", "2026-05-02 10:00:00", str(at), "abc", "", '"VIP","Blog"']
        for at in range(5)
    ]  # fmt: skip
    return Case(
        name="mailchimp en",
        format="mailchimp",
        table="customers",
        header=0,
        records=[header, *rows],
        n_kept=5,
        sums={},
    )


def brevo(language: str, rng: random.Random) -> Case:
    del rng
    names = ["EMAIL", "LASTNAME", "FIRSTNAME"] if language == "en" else ["E-MAIL", "NOM", "PRENOM"]
    header = [*names, "SMS", "EMAIL_BLACKLISTED", "SMS_BLACKLISTED", "ADDED_TIME", "MODIFIED_TIME"]
    rows = [
        [
            f"a{at}@example.org",
            "B",
            "A",
            "",
            "yes" if at == 1 else "no",
            "no",
            "12-04-2022 09:30",
            "03-05-2022 10:00",
        ]
        for at in range(5)
    ]
    return Case(
        name=f"brevo {language}",
        format="brevo",
        table="customers",
        header=0,
        records=[header, *rows],
        n_kept=5,
        sums={},
    )


def activecampaign(language: str, rng: random.Random) -> Case:
    del language, rng
    header = ["Email", "First Name", "Last Name", "Phone", "Tags", "Date Created", "IP", "Status"]
    rows = [[f"a{at}@example.org", "A", "B", "", "x, y", "2026-01-01", "", "Unsubscribed" if at == 1 else "Active"]
            for at in range(4)]  # fmt: skip
    return Case(
        name="activecampaign en", format="activecampaign", table="customers", header=0, records=[header, *rows],
        n_kept=4, sums={},
    )  # fmt: skip


def kit(language: str, rng: random.Random) -> Case:
    del language, rng
    rows = [
        ["A", f"a{at}@example.org", "2026-01-01", "cancelled" if at == 1 else "active"] for at in range(4)
    ]
    return Case(
        name="kit en", format="kit", table="customers", header=0, n_kept=4, sums={},
        records=[["first_name", "email", "created_at", "status"], *rows],
    )  # fmt: skip


def systeme_io(language: str, rng: random.Random) -> Case:
    del rng
    header = ["Email", "First name", "Surname", "Phone number", "Country", "Tags", "Date registered"]
    if language == "fr":
        header = [
            "Email",
            "Prénom",
            "Nom de famille",
            "Numéro de téléphone",
            "Pays",
            "Étiquettes",
            "Date d'inscription",
        ]
    rows = [[f"a{at}@example.org", "A", "B", "", "FR", "x", "2026-01-01"] for at in range(4)]
    return Case(
        name=f"systeme_io {language}", format="systeme_io", table="customers", header=0, records=[header, *rows],
        n_kept=4, sums={},
    )  # fmt: skip


MAKERS: tuple[Callable[[str, random.Random], Case], ...] = (
    google_ads, meta_ads, ga4, search_console, shopify_orders, shopify_customers, stripe, hubspot_contacts,
    hubspot_deals, mailchimp, brevo, activecampaign, kit, systeme_io,
)  # fmt: skip


def cases(seed: int = 1) -> Iterator[Case]:
    """Every export in the languages it comes in."""
    for maker in MAKERS:
        made = {language: maker(language, random.Random(seed)) for language in ("en", "fr")}
        yield made["en"]
        if made["fr"].name != made["en"].name:
            yield made["fr"]


def text_of(records: list[list[str]], delimiter: str) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(records)
    return file.getvalue()


def _shuffled(case: Case) -> Case:
    width = len(case.records[case.header])
    order = list(range(width))
    random.Random(3).shuffle(order)
    return replace(case, records=[
        [row[at] if at < len(row) else "" for at in order] if len(row) == width else row for row in case.records
    ])  # fmt: skip


def _with_more(case: Case) -> Case:
    width = len(case.records[case.header])
    records = [[*row, "x"] if len(row) == width else row for row in case.records]
    records[case.header][-1] = "Own column"
    return replace(case, records=records)


def _renamed(case: Case, way: Callable[[str], str]) -> Case:
    records = list(case.records)
    records[case.header] = [way(name) for name in records[case.header]]
    return replace(case, records=records)


def _workbook(case: Case, path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(case.records):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)


def _mangled(text: str) -> str:
    """UTF-8 read as if it were Latin, and saved again."""
    return text.encode().decode("latin-1")


TRAPS: dict[str, Callable[[Case, Path], object]] = {
    "as it comes": lambda case, path: path.write_text(text_of(case.records, ","), encoding="utf-8"),
    "semicolons": lambda case, path: path.write_text(text_of(case.records, ";"), encoding="utf-8-sig"),
    "tabs in UTF-16": lambda case, path: path.write_bytes(text_of(case.records, "\t").encode("utf-16")),
    "cp1252": lambda case, path: path.write_bytes(
        text_of(case.records, ";").replace(NARROW, HARD).encode("cp1252", "strict")
    ),
    "windows lines": lambda case, path: path.write_bytes(
        text_of(case.records, ",").replace("\n", "\r\n").encode()
    ),
    "a workbook renamed csv": _workbook,
    "columns in another order": lambda case, path: path.write_text(text_of(_shuffled(case).records, ",")),
    "a column of one's own": lambda case, path: path.write_text(text_of(_with_more(case).records, ",")),
    "capitals": lambda case, path: path.write_text(text_of(_renamed(case, str.upper).records, ",")),
    "hard spaces in names": lambda case, path: path.write_text(
        text_of(_renamed(case, lambda name: f" {name.replace(' ', HARD)} ").records, ",")
    ),
    "mangled": lambda case, path: path.write_text(_mangled(text_of(case.records, ",")), encoding="utf-8"),
    "saved again with empty columns": lambda case, path: path.write_text(
        text_of(
            [[*row, *[""] * (len(case.records[case.header]) + 2 - len(row))] for row in case.records], ";"
        )
    ),
    "empty lines between": lambda case, path: path.write_text(
        text_of(case.records, ",").replace("\n", "\n\n", 40)
    ),
}
"""Ways in which a file may come."""


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _without(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randrange(1, 40) :]


def _twice(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at : at + rng.randrange(1, 400)] * 2 + data[at:]


def _flipped(data: bytes, rng: random.Random) -> bytes:
    if not data:
        return data
    at = rng.randrange(len(data))
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


INSERTED = (
    b'"', b",", b";", b"\t", b"\n", b"\r", b"\n\n", b"\x00", b"\xff\xfe", "\ufeff".encode(), b"--", b"#", b"Total",
    b"1e999", b"-", b"$", b" USD", "\u202f".encode(), b"9" * 400, b"'", b"NaN", b"=1+1", b"2026-13-40", b"31/02/26",
    b"\xc3\x83\xc2\xa9", b"| | |", b"0000-00-00", b"\xe2\x80", b"sep=;\n", b"{", b"[", "١٢٣".encode(), "²".encode(),
)  # fmt: skip


def _inserted(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(INSERTED) * rng.choice((1, 1, 1, 2, 50)) + data[at:]


def _lines_moved(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


MUTATIONS = (_cut, _without, _twice, _flipped, _inserted, _inserted, _inserted, _flipped, _lines_moved)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """A file that something happened to."""
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        data = rng.choice(MUTATIONS)(data, rng)
    return data
