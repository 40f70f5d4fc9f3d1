"""`cmo press`: releases from file to newsroom, the press and what it was offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

from cmo.briefs import pdf
from cmo.briefs.answers import Answer, Data
from cmo.briefs.document import Audience, Brief, Bullets, Paragraph, Section
from cmo.briefs.voice import Voice
from cmo.briefs.wording import output_words
from cmo.communication.press import END, Published, Release, head_of, paragraphs, words_of, wrongs
from cmo.ledger import people
from cmo.ledger.approvals import (
    ApprovalState,
    answer_approval,
    ask_approval,
    state_of,
    waiting_approvals,
)
from cmo.ledger.audit import note
from cmo.ledger.works import Work, keep_work, take_work_step, version_of, work, works
from cmo.loop.standing import opened
from cmo.loop.testing import today_of
from cmo.measures import Language, Problem, Text
from cmo.workspace import Document, Workspace, validated

KIND: Final = "release"
RELEASED, CORRECTED = "released", "corrected"
STATES: Final = {
    "draft": Text("draft", "brouillon"),
    "asked": Text("waits for approval", "attend l'approbation"),
    "approved": Text("approved", "approuvé"),
    "refused": Text("refused", "refusé"),
    "embargoed": Text("under embargo", "sous embargo"),
    "released": Text("released", "diffusé"),
    "corrected": Text("corrected", "corrigé"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A release that may be read.

    Attributes:
        key: Its name.
        release: What it says now.
        published: When it came out, and was corrected.
    """

    key: str
    release: Release
    published: Published


def listed(folder: Path, *, language: Language | None) -> Answer:
    """All releases with their state."""
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    found = [(one, Release.model_validate(one.content)) for one in works(KIND)]
    head = Text("release|title|day|state|words", "communiqué|titre|jour|état|mots").in_(spoken).split("|")
    body = tuple(
        (
            one.key,
            release.title,
            release.on.isoformat(),
            STATES[state(one)].in_(spoken),
            str(words_of(release)),
        )
        for one, release in found
    )
    none = Text("There is no release yet.", "Il n'y a encore aucun communiqué.").in_(spoken)
    data: Data = {"releases": [_data(one, release, spoken) for one, release in found]}
    return Answer(data=data, lines=() if found else (none,), head=tuple(head) if found else (), body=body)


def write(folder: Path, name: str, file: Path, *, by: str, language: Language | None) -> Answer:
    """Keep a release as a file says it; an approval given before no longer counts.

    Args:
        folder: The company's folder.
        name: Its name in addresses.
        file: A YAML file with its fields.
        by: Who writes.
        language: Language of the answer.

    Raises:
        Problem: The file is not as expected.
    """
    workspace = opened(folder)
    if not name.replace("-", "").isalnum() or name != name.lower() or len(name) > 60:
        raise Problem(f"{name}: name a release with small letters, digits and -")
    release = validated(Document.read(file), Release)
    kept = keep_work(KIND, name, release.model_dump(mode="json"), by=by)
    return _told(kept, release, workspace, language)


def ask(folder: Path, name: str, *, by: str, language: Language | None) -> Answer:
    """Ask for approval of a release as it is.

    Raises:
        Problem: Something must be put right before.
    """
    workspace = opened(folder)
    found, release = known(name)
    _refuse_wrong(release, language or workspace.config.company.language)
    ask_approval(KIND, name, content=found.digest, says=release.title, by=by)
    note("ask approval", by=by, kind=KIND, key=name)
    return _told(found, release, workspace, language)


def approve(folder: Path, name: str, *, refuse: str, by: str, language: Language | None) -> Answer:
    """Approve a release, or refuse it with a reason; never by somebody who wrote a word of it.

    Raises:
        Problem: Nobody asked, it was changed since, or its own author answers.
    """
    workspace = opened(folder)
    found, release = known(name)
    waiting = next((one for one in waiting_approvals() if (one.kind, one.key) == (KIND, name)), None)
    if waiting is None or waiting.content != found.digest:
        raise Problem(f"nobody asked for approval of {name} as it is now: cmo press ask {name}")
    if not refuse and by in found.authors:
        raise Problem(f"{by} wrote part of {name}: somebody else must approve it")
    answer_approval(waiting.number, approved=not refuse, words=refuse, by=by)
    note("refuse" if refuse else "approve", by=by, kind=KIND, key=name)
    return _told(found, release, workspace, language)


def publish(folder: Path, name: str, *, by: str, language: Language | None) -> Answer:
    """Release an approved text: at once, or by itself when its embargo ends; again, it is a correction.

    Raises:
        Problem: It is not approved as it is, or a correction does not say what it corrects.
    """
    workspace = opened(folder)
    found, release = known(name)
    if state_of(KIND, name, content=found.digest) is not ApprovalState.APPROVED:
        raise Problem(f"{name} is not approved as it is now: cmo press ask {name}, then somebody approves it")
    _refuse_wrong(release, language or workspace.config.company.language)
    out = [one for one in found.steps if one.state in {RELEASED, CORRECTED}]
    if out and out[-1].version == found.number:
        raise Problem(f"{name} is out already in this version")
    if out and not release.correction.strip():
        raise Problem(f"{name} is out: say under correction: what was wrong and is right now")
    after = take_work_step(found, CORRECTED if out else RELEASED, by=by)
    note("release", by=by, kind=KIND, key=name)
    return _told(after, release, workspace, language)


def kit(folder: Path, name: str, *, to: Path, language: Language | None) -> Answer:
    """Write the press kit of a release: a PDF that assistive tools can read.

    Raises:
        Problem: There is no such release, or the file cannot be written.
    """
    workspace = opened(folder)
    found, release = known(name)
    written = kit_of(release, published_of(found), workspace)
    try:
        to.write_bytes(written)
    except OSError as error:
        raise Problem(f"{to}: this file cannot be written ({error.strerror})") from error
    spoken = language or workspace.config.company.language
    said = Text(f"The press kit is in {to}.", f"Le dossier de presse est dans {to}.")
    return Answer(data={"file": str(to), "bytes": len(written)}, lines=(said.in_(spoken),))


def kit_of(release: Release, published: Published | None, workspace: Workspace) -> bytes:
    """The press kit as a PDF."""
    fr = release.language == "fr"
    more = [
        ("facts", "Faits" if fr else "Facts", tuple(f"{one.says} ({one.source})" for one in release.facts)),
        (
            "pictures",
            "Images" if fr else "Pictures",
            tuple(f"{one.file}: {one.alt}. {one.credit}, {one.licence}" for one in release.pictures),
        ),
    ]
    text = tuple(Paragraph(text=one) for one in paragraphs(release, published))
    about = ("À propos" if fr else "About", (Paragraph(text=release.boilerplate),))
    sections = [
        Section(name="release", title=release.subhead or release.title, blocks=text),
        *(
            Section(name=name, title=title, blocks=(Bullets(items=items),))
            for name, title, items in more
            if items
        ),
        Section(name="about", title=about[0], blocks=about[1]),
        Section(name="contact", title="Contact", blocks=(Paragraph(text=release.contact),)),
    ]
    brief = Brief(
        title=release.title,
        language=release.language,
        audience=Audience.BOARD,
        eyebrow=f"{workspace.config.company.name} · {head_of(release)}",
        headline=release.title,
        answer=release.subhead,
        opening=(Paragraph(text=release.lead),),
        sections=tuple(sections),
        colophon=END.in_(release.language),
        words=output_words(Voice(release.language)),
    )
    return pdf.document(brief, written_on=datetime.combine(release.on, time.min, tzinfo=UTC))


def newsroom() -> Sequence[Out]:
    """Releases that may be read now, the latest first: those under embargo are not among them."""
    now = datetime.now(tz=UTC)
    found = []
    for one in works(KIND):
        published = published_of(one)
        if published is not None and published.at <= now:
            release = Release.model_validate(_out_version(one))
            found.append(Out(key=one.key, release=release, published=published))
    return sorted(found, key=lambda one: one.published.at, reverse=True)


def published_of(found: Work) -> Published | None:
    """When a release came out; in the future while its embargo holds; none before it was released."""
    out = [one for one in found.steps if one.state == RELEASED]
    if not out:
        return None
    embargo = Release.model_validate(_out_version(found)).embargo
    at = out[0].taken_at if embargo is None else max(embargo, out[0].taken_at)
    corrected = [one.taken_at for one in found.steps if one.state == CORRECTED]
    return Published(at=at, corrected_at=corrected[-1] if corrected else None)


def state(found: Work) -> str:
    """How far a release has come."""
    published = published_of(found)
    if published is None:
        asked = state_of(KIND, found.key, content=found.digest)
        return "draft" if asked is ApprovalState.NONE else asked.value
    if published.at > datetime.now(tz=UTC):
        return "embargoed"
    return "corrected" if published.corrected_at is not None else "released"


def known(name: str) -> tuple[Work, Release]:
    """A release.

    Raises:
        Problem: None is called so.
    """
    found = work(KIND, name)
    if found is None:
        raise Problem(f"no release is called {name}; cmo press lists them")
    return found, Release.model_validate(found.content)


def contact(
    folder: Path, address: str, *, name: str, outlet: str, beat: str, language: Language | None
) -> Answer:
    """Add somebody of the press.

    Raises:
        Problem: The address is none.
    """
    workspace = opened(folder)
    if "@" not in address or not name.strip():
        raise Problem(f"{address}: give an e-mail address, and a name")
    spoken = language or workspace.config.company.language
    people.keep_journalist(address, name=name, outlet=outlet, beat=beat, language=spoken)
    return contacts(folder, language=language)


def contacts(folder: Path, *, language: Language | None) -> Answer:
    """The press, and what each was offered."""
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    found = people.press()
    head = Text("name|outlet|beat|last story|state", "nom|média|rubrique|dernier sujet|état").in_(spoken)
    body = tuple(
        (
            one.known.name,
            one.outlet,
            one.beat,
            str(one.pitches[0]["release"]) if one.pitches else "",
            str(one.pitches[0]["state"]) if one.pitches else "",
        )
        for one in found
    )
    data: Data = {
        "press": [
            {
                "name": one.known.name,
                "address": one.known.address,
                "outlet": one.outlet,
                "beat": one.beat,
                "opted_out": one.opted_out,
                "pitches": [dict(each) for each in one.pitches],
            }
            for one in found
        ]
    }
    none = Text("Nobody of the press is known yet.", "Personne de la presse n'est encore connu.").in_(spoken)
    return Answer(
        data=data,
        lines=() if found else (none,),
        head=tuple(head.split("|")) if found else (),
        body=body,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A story offered to somebody of the press.

    Attributes:
        address: To whom.
        release: Which release.
        state: found, pitched, replied, covered or declined.
        words: What was said.
        url: Where the article is.
    """

    address: str
    release: str
    state: str
    words: str = ""
    url: str = ""


def pitch(folder: Path, offer: Offer, *, by: str, language: Language | None) -> Answer:
    """Write down how far a story offered to somebody is.

    Raises:
        Problem: There is no such release or person, or they want to be left alone.
    """
    opened(folder)
    known(offer.release)
    people.pitch(offer.address, offer.release, state=offer.state, words=offer.words, url=offer.url, by=by)
    return contacts(folder, language=language)


def _out_version(found: Work) -> object:
    """What a release said in the version that came out last."""
    out = [one.version for one in found.steps if one.state in {RELEASED, CORRECTED}]
    return version_of(KIND, found.key, out[-1]) if out else found.content


def _refuse_wrong(release: Release, language: Language) -> None:
    found = wrongs(release)
    if found:
        raise Problem(*(one.in_(language) for one in found))


def _told(found: Work, release: Release, workspace: Workspace, language: Language | None) -> Answer:
    spoken = language or workspace.config.company.language
    lines = [f"{found.key} – {STATES[state(found)].in_(spoken)}", release.title]
    lines += [f"! {one.in_(spoken)}" for one in wrongs(release)]
    if release.on < today_of(workspace) and state(found) in {"draft", "asked", "approved"}:
        lines.append(Text("Its day is past.", "Son jour est passé.").in_(spoken))
    return Answer(data=_data(found, release, spoken), lines=tuple(lines))


def _data(found: Work, release: Release, language: Language) -> Data:
    published = published_of(found)
    return {
        "id": found.key,
        "state": state(found),
        **release.model_dump(mode="json"),
        "words": words_of(release),
        "wrong": [one.in_(language) for one in wrongs(release)],
        "published_at": None if published is None else published.at.isoformat(),
    }
