"""Words and questions for templates."""

from django import template

from cmo.measures import Text
from cmo.web.jobs.queue import Kind
from cmo.web.models import Job, JobState, User
from cmo.web.rights import Role
from cmo.web.tongue import spoken

register = template.Library()

_STATES = {
    JobState.WAITING: Text("waiting its turn", "en attente"),
    JobState.RUNNING: Text("running", "en cours"),
    JobState.DONE: Text("done", "terminé"),
    JobState.FAILED: Text("failed", "échoué"),
    JobState.CANCELLED: Text("called off", "annulé"),
}
_APPROVALS = {
    "none": Text("not asked", "non demandée"),
    "asked": Text("waiting", "en attente"),
    "approved": Text("approved", "approuvé"),
    "refused": Text("refused", "refusé"),
}


@register.filter
def may(user: object, action: str) -> bool:
    """Whether somebody may do something: `user|may:"run"`."""
    return isinstance(user, User) and user.may(action)


@register.filter
def unlocalized(value: object) -> str:
    """A number as an input field wants it, whatever the language."""
    return str(value)


@register.simple_tag
def approval(state: str) -> str:
    """How far an approval has come."""
    return _APPROVALS[str(state)].in_(spoken())


@register.simple_tag
def jobname(job: Job) -> str:
    """What a job does."""
    return Kind(job.kind).says.in_(spoken())


@register.simple_tag
def jobstate(job: Job) -> str:
    """How far a job has come."""
    if job.cancel_asked and not job.is_over:
        return Text("stopping", "en cours d'arrêt").in_(spoken())
    return _STATES[JobState(job.state)].in_(spoken())


@register.simple_tag
def rolename(role: str) -> str:
    """The name of a role."""
    return Role(role).says.in_(spoken())
