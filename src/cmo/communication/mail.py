"""An e-mail as it leaves: text and page, one-click unsubscription (RFC 8058), no pixel, always the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final

from cmo.communication.channels import LINK
from cmo.measures import Language, Text

_LEAVE: Final = Text("Unsubscribe with one click", "Se désinscrire en un clic")
_WHY: Final = Text(
    "You receive this because you agreed to it.", "Vous recevez ce message car vous l'avez accepté."
)
_PAGE: Final = """\
<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title></head>
<body style="margin:0;background:#ffffff;color:#1d1d1f;font:16px/1.6 Georgia,serif">
<div style="display:none;max-height:0;overflow:hidden">{preheader}</div>
<div style="max-width:36em;margin:0 auto;padding:24px">
{paragraphs}
<hr style="border:0;border-top:1px solid #767676;margin:32px 0 16px">
<p style="font-size:13px;color:#4a4a4a">{why} <a href="{leave}" style="color:#4a4a4a">{words}</a>.</p>
</div></body></html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message, ready to leave.

    Attributes:
        to: Address it goes to.
        sender: Who writes, as `Name <address>`.
        subject: Subject.
        text: Its words.
        page: The same as HTML.
        headers: Headers beside the usual ones.
    """

    to: str
    sender: str
    subject: str
    text: str
    page: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The words of a message.

    Attributes:
        subject: Subject, blanks filled.
        preheader: What a mailbox shows beside it.
        body: Paragraphs with an empty line between, blanks filled.
        language: Their language.
    """

    subject: str
    preheader: str
    body: str
    language: Language


def marketing(letter: Letter, *, to: str, sender: str, token: str, leave: str) -> Mail:
    """A message that somebody agreed to receive, with the way out in its head and at its foot.

    Args:
        letter: The words.
        to: Address.
        sender: Who writes.
        token: Token of the message; its identity for ever, however often it is sent.
        leave: Address of the one-click unsubscription, https.
    """
    words, why = _LEAVE.in_(letter.language), _WHY.in_(letter.language)
    colon = " :" if letter.language == "fr" else ":"
    text = f"{letter.body}\n\n--\n{why}\n{words}{colon} {leave}\n"
    page = _PAGE.format(
        language=letter.language,
        title=escape(letter.subject),
        preheader=escape(letter.preheader),
        paragraphs="\n".join(_paragraph(one) for one in letter.body.split("\n\n") if one.strip()),
        why=escape(why),
        words=escape(words),
        leave=escape(leave),
    )
    headers = {
        "Message-ID": message_id(token, sender),
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    return Mail(to=to, sender=sender, subject=_line(letter.subject), text=text, page=page, headers=headers)


def plain(letter: Letter, *, to: str, sender: str, token: str) -> Mail:
    """A message that follows from what somebody just did: no list, nothing to leave."""
    headers = {"Message-ID": message_id(token, sender), "Auto-Submitted": "auto-generated"}
    page = "\n".join(_paragraph(one) for one in letter.body.split("\n\n") if one.strip())
    return Mail(
        to=to,
        sender=sender,
        subject=_line(letter.subject),
        text=f"{letter.body}\n",
        page=f'<!doctype html><html lang="{letter.language}"><body>{page}</body></html>',
        headers=headers,
    )


def message_id(token: str, sender: str) -> str:
    """The Message-ID of a message: the same however often it is sent, so that a repeat shows."""
    host = sender.rpartition("@")[2].rstrip("> ") or "localhost"
    return f"<{token}@{host}>"


def _paragraph(words: str) -> str:
    parts, at = [], 0
    for found in LINK.finditer(words):
        parts += [escape(words[at : found.start()]), f'<a href="{escape(found[0])}">{escape(found[0])}</a>']
        at = found.end()
    parts.append(escape(words[at:]))
    return f"<p>{''.join(parts)}</p>".replace("\n", "<br>")


def _line(words: str) -> str:
    """One line: a subject with a line break in it would be a header of somebody else's making."""
    return re.sub(r"[\r\n\t]+", " ", words).strip()
