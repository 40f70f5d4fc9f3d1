"""Quotes: words that somebody really wrote, without what tells who they or others are."""

import re

MASK = "[…]"

_PERSONAL = re.compile(
    r"""
      [\w.+'-]+@[\w-]+(?:\.[\w-]+)+                         # an e-mail address
    | (?:https?://|www\.)\S+                                # an address of the web
    | (?<![\w])@\w{2,}                                      # an account
    | (?<![\w])\+?\(?\d(?:[\s./()-]{0,2}\d){7,}(?!\w)       # a phone, card or order number
    | \b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b  # a bank account
    | \b(?:M\.|Mr\.?|Mme|Mlle|Mrs\.?|Ms\.?|Dr\.?|[Mm]onsieur|[Mm]adame)\s+[^\W\d_][\w'-]+(?:\s[A-ZÉÈ][\w'-]+)?
    | \b[\w-]*\d[\w-]*\d[\w-]*\d[\w-]*\d[\w-]*\d[\w-]*\b    # a reference with five digits or more
    """,
    re.VERBOSE,
)


def redacted(text: str) -> str:
    """The text with a mask in place of addresses, numbers, references and names after a title."""
    return _PERSONAL.sub(MASK, text)


def personal(text: str) -> list[tuple[int, int]]:
    """Where what tells who somebody is begins and ends, in order."""
    return [match.span() for match in _PERSONAL.finditer(text)]


def is_quote_of(quote: str, text: str) -> bool:
    """Whether a quote is really in a text: what stands between its masks, in that order.

    Args:
        quote: What is shown.
        text: What was written.
    """
    start = 0
    for piece in quote.split(MASK):
        place = text.find(piece, start)
        if place < 0:
            return False
        start = place + len(piece)
    return True
