"""Taking customers' problems further with those who build the product."""

from typing import Annotated, Literal

from pydantic import Field

from cmo.briefs.answers import Answer
from cmo.loop.problems import moved
from cmo.web.acts.act import Asked, Doer


class TakeProblem(Asked):
    """A problem, and the stage it reaches."""

    problem: Annotated[str, Field(description="Id of the problem.", min_length=1, max_length=100)]
    state: Annotated[
        Literal["proposed", "accepted", "in_build", "shipped", "effect_measured", "declined"],
        Field(description="The stage it reaches."),
    ]
    words: Annotated[str, Field(description="What there is to say.", max_length=2000)] = ""


def taken(doer: Doer, asked: TakeProblem) -> Answer:
    """Take a problem one stage further."""
    return moved(
        doer.folder, asked.problem, asked.state, by=doer.name, words=asked.words, language=doer.language
    )
