"""All acts: one literal mapping. To let people and programs do something more, add a line."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cmo.measures import Text
from cmo.strategy.decisions.life import State
from cmo.web.acts import bringing, campaigning, judging, product, sharing, teamwork, telling, testing, working
from cmo.web.acts.act import Act, Asked
from cmo.web.rights import Action

ACTS: Final[Mapping[str, Act]] = MappingProxyType(
    {
        "answer_challenge": Act(
            says=Text("Answer a challenge.", "Répondre à une contestation."),
            asks=Action.ANSWER,
            asked=judging.AnswerChallenge,
            do=judging.answered,
        ),
        "challenge_decision": Act(
            says=Text("Contest a decision.", "Contester une décision."),
            asks=Action.ANSWER,
            asked=judging.Step,
            do=judging.step(State.CHALLENGED),
        ),
        "approve_decision": Act(
            says=Text("Approve a decision.", "Approuver une décision."),
            asks=Action.APPROVE,
            asked=judging.Step,
            do=judging.step(State.APPROVED),
        ),
        "reject_decision": Act(
            says=Text("Reject a decision, with the reason.", "Rejeter une décision, avec la raison."),
            asks=Action.APPROVE,
            asked=judging.Step,
            do=judging.step(State.REJECTED),
        ),
        "execute_decision": Act(
            says=Text("Say that a decision is carried out.", "Dire qu'une décision est exécutée."),
            asks=Action.SPEND,
            asked=judging.Step,
            do=judging.step(State.EXECUTED),
        ),
        "answer_approval": Act(
            says=Text("Approve or refuse what was asked.", "Approuver ou refuser ce qui est demandé."),
            asks=Action.APPROVE,
            asked=judging.AnswerApproval,
            do=judging.approved,
        ),
        "propose": Act(
            says=Text("Propose something for approval.", "Proposer quelque chose à l'approbation."),
            asks=Action.PROPOSE,
            asked=judging.Proposal,
            do=judging.proposed,
        ),
        "say_confidence": Act(
            says=Text("Say how sure one is of a belief.", "Dire à quel point on est sûr d'une conviction."),
            asks=Action.EDIT,
            asked=judging.Confidence,
            do=judging.confident,
        ),
        "take_problem": Act(
            says=Text(
                "Take a customers' problem one stage further with those who build the product.",
                "Faire avancer d'une étape un problème des clients avec ceux qui font le produit.",
            ),
            asks=Action.ANSWER,
            asked=product.TakeProblem,
            do=product.taken,
        ),
        "start_job": Act(
            says=Text("Start a review or a check.", "Lancer une revue ou un contrôle."),
            asks=Action.RUN,
            asked=working.Start,
            do=working.started,
        ),
        "start_demo": Act(
            says=Text(
                "Fill an empty workspace with the demo company.",
                "Remplir un espace vide avec la société de démonstration.",
            ),
            asks=Action.CONFIGURE,
            asked=Asked,
            do=working.demonstrated,
        ),
        "start_scenario": Act(
            says=Text("Have a budget divided anew.", "Faire répartir un budget autrement."),
            asks=Action.RUN,
            asked=working.Scenario,
            do=working.weighed,
        ),
        "cancel_job": Act(
            says=Text("Call a job off.", "Annuler un travail."),
            asks=Action.RUN,
            asked=working.OfJob,
            do=working.cancelled,
        ),
        "propose_scenario": Act(
            says=Text("Ask for approval of a scenario.", "Demander l'approbation d'un scénario."),
            asks=Action.PROPOSE,
            asked=working.OfJob,
            do=working.scenario_proposed,
        ),
        "undo_import": Act(
            says=Text("Take an import back.", "Annuler un import."),
            asks=Action.RUN,
            asked=working.OfBatch,
            do=working.undone,
        ),
        "redo_import": Act(
            says=Text("Put an import back.", "Rétablir un import."),
            asks=Action.RUN,
            asked=working.OfBatch,
            do=working.redone,
        ),
        "look_at_upload": Act(
            says=Text(
                "Look at files that were brought, with what is said about them.",
                "Examiner des fichiers apportés, avec ce qui en est dit.",
            ),
            asks=Action.RUN,
            asked=bringing.Look,
            do=bringing.looked,
        ),
        "take_upload": Act(
            says=Text("Take files as a batch, and review.", "Prendre des fichiers comme un lot, et revoir."),
            asks=Action.RUN,
            asked=bringing.OfUpload,
            do=bringing.taken,
        ),
        "drop_upload": Act(
            says=Text("Drop files that were brought.", "Abandonner des fichiers apportés."),
            asks=Action.RUN,
            asked=bringing.OfUpload,
            do=bringing.dropped,
        ),
        "note_test_idea": Act(
            says=Text("Note an idea for a test.", "Noter une idée de test."),
            asks=Action.PROPOSE,
            asked=testing.Idea,
            do=testing.idea,
        ),
        "approve_test": Act(
            says=Text("Approve the design of a test.", "Approuver le plan d'un test."),
            asks=Action.APPROVE,
            asked=testing.Approve,
            do=testing.approve,
        ),
        "start_test": Act(
            says=Text("Start an approved test.", "Lancer un test approuvé."),
            asks=Action.RUN,
            asked=testing.Begin,
            do=testing.begin,
        ),
        "stop_test": Act(
            says=Text("Stop a test, with the reason.", "Arrêter un test, avec la raison."),
            asks=Action.RUN,
            asked=testing.Stop,
            do=testing.stop,
        ),
        "write_learning": Act(
            says=Text("Write what a test taught.", "Écrire ce qu'un test a appris."),
            asks=Action.EDIT,
            asked=testing.Learn,
            do=testing.learn,
        ),
        "draft_campaign": Act(
            says=Text("Draft a campaign.", "Ébaucher une campagne."),
            asks=Action.EDIT,
            asked=campaigning.Draft,
            do=campaigning.drafted,
        ),
        "edit_campaign": Act(
            says=Text("Change a piece of a campaign.", "Changer un élément d'une campagne."),
            asks=Action.EDIT,
            asked=campaigning.Edit,
            do=campaigning.edited,
        ),
        "prove_campaign": Act(
            says=Text("Give the proof of a claim.", "Donner la preuve d'une affirmation."),
            asks=Action.EDIT,
            asked=campaigning.Prove,
            do=campaigning.proved,
        ),
        "ask_campaign": Act(
            says=Text("Ask for approval of a campaign.", "Demander l'approbation d'une campagne."),
            asks=Action.PROPOSE,
            asked=campaigning.OfCampaign,
            do=campaigning.approval_asked,
        ),
        "approve_campaign": Act(
            says=Text("Approve or refuse a campaign.", "Approuver ou refuser une campagne."),
            asks=Action.APPROVE,
            asked=campaigning.Answered,
            do=campaigning.answered,
        ),
        "schedule_campaign": Act(
            says=Text("Give a campaign its day.", "Donner son jour à une campagne."),
            asks=Action.PUBLISH,
            asked=campaigning.Scheduled,
            do=campaigning.scheduled,
        ),
        "send_campaign": Act(
            says=Text("Have the next batch sent.", "Faire envoyer le prochain lot."),
            asks=Action.SEND,
            asked=campaigning.OfCampaign,
            do=campaigning.sent,
        ),
        "stop_campaign": Act(
            says=Text("Stop a campaign.", "Arrêter une campagne."),
            asks=Action.PUBLISH,
            asked=campaigning.Stopped,
            do=campaigning.stopped,
        ),
        "do_work": Act(
            says=Text("Take a piece of work further.", "Faire avancer un travail de l'équipe."),
            asks=Action.EDIT,
            asked=teamwork.WorkStep,
            do=teamwork.worked,
        ),
        "ask_work": Act(
            says=Text("Ask for a piece of work.", "Demander un travail à l'équipe."),
            asks=Action.EDIT,
            asked=teamwork.NewWork,
            do=teamwork.work_asked,
        ),
        "log_contact": Act(
            says=Text("Log a contact with a customer.", "Noter un contact avec un client."),
            asks=Action.EDIT,
            asked=teamwork.LogContact,
            do=teamwork.contact_logged,
        ),
        "erase_contact": Act(
            says=Text("Take words and name out of a contact.", "Retirer les mots et le nom d'un contact."),
            asks=Action.EXPORT_PERSONAL,
            asked=teamwork.EraseContact,
            do=teamwork.contact_erased,
        ),
        "note_objection": Act(
            says=Text("Note an objection.", "Noter une objection."),
            asks=Action.EDIT,
            asked=teamwork.Objection,
            do=teamwork.objected,
        ),
        "answer_objection": Act(
            says=Text("Answer an objection.", "Répondre à une objection."),
            asks=Action.EDIT,
            asked=teamwork.AnswerObjection,
            do=teamwork.objection_answered,
        ),
        "share_brief": Act(
            says=Text("Make a guest's link to a brief.", "Faire un lien d'invité vers une note."),
            asks=Action.SHARE,
            asked=sharing.Share,
            do=sharing.shared,
        ),
        "end_link": Act(
            says=Text("Take a guest's link back.", "Reprendre le lien d'un invité."),
            asks=Action.SHARE,
            asked=sharing.EndLink,
            do=sharing.link_ended,
        ),
        "invite": Act(
            says=Text("Invite somebody.", "Inviter quelqu'un."),
            asks=Action.MANAGE_PEOPLE,
            asked=sharing.Invite,
            do=sharing.invited,
        ),
        "change_person": Act(
            says=Text("Change somebody's role.", "Changer le rôle de quelqu'un."),
            asks=Action.MANAGE_PEOPLE,
            asked=sharing.Change,
            do=sharing.person_changed,
        ),
        "new_password": Act(
            says=Text("Make a link for a new password.", "Faire un lien pour un nouveau mot de passe."),
            asks=Action.MANAGE_PEOPLE,
            asked=sharing.NewPassword,
            do=sharing.password_asked,
        ),
        "subscribe_webhook": Act(
            says=Text("Tell an address of events.", "Prévenir une adresse d'événements."),
            asks=Action.CONFIGURE,
            asked=telling.Subscribe,
            do=telling.subscribed,
        ),
        "rotate_webhook": Act(
            says=Text("Give an address a new secret.", "Donner un nouveau secret à une adresse."),
            asks=Action.CONFIGURE,
            asked=telling.OfSubscription,
            do=telling.rotated,
        ),
        "end_webhook": Act(
            says=Text("Tell an address no more.", "Ne plus prévenir une adresse."),
            asks=Action.CONFIGURE,
            asked=telling.OfSubscription,
            do=telling.unsubscribed,
        ),
        "replay_delivery": Act(
            says=Text("Send a message again.", "Renvoyer un message."),
            asks=Action.CONFIGURE,
            asked=telling.OfDelivery,
            do=telling.replayed,
        ),
        "make_feed": Act(
            says=Text(
                "Make links for a calendar and a reader of news.",
                "Faire des liens pour un agenda et un lecteur de nouvelles.",
            ),
            asks=Action.SEE,
            asked=Asked,
            do=telling.fed,
        ),
        "end_feed": Act(
            says=Text("Take one's own links back.", "Reprendre ses propres liens."),
            asks=Action.SEE,
            asked=telling.OfFeed,
            do=telling.feed_ended,
        ),
        "change_me": Act(
            says=Text("Change one's own name or language.", "Changer son nom ou sa langue."),
            asks=Action.SEE,
            asked=sharing.Me,
            do=sharing.told_of_oneself,
        ),
    }
)
