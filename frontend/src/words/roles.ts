/** What each role does, step by step: one page of the help for each. */
import { _ } from ".";

export interface Role {
  name: string;
  /** In one sentence, on the first page of the help. */
  short: string;
  lead: string;
  steps: [when: string, what: string][];
  /** What nobody in this role can do, so that the others can rely on it. */
  limit: string;
}

export const roles = (): Record<string, Role> => ({
  participant: {
    name: _("Participant"),
    short: _(
      "Is asked in every round, by name. Can change an answer while the round is open. Can object to any version.",
    ),
    lead: _("You are asked in every round, by name. Nobody answers for you, and silence is never taken for consent."),
    steps: [
      [_("Questions"), _("Ask whatever you need to understand the text. When it is clear to you, press «I am clear».")],
      [_("Reactions"), _("Say briefly how the proposal lands with you, or that you have nothing to add.")],
      [
        _("Consent"),
        _(
          "Ask yourself whether you can live with it until the review. Consent, note a concern with it, or object. You can change your answer until the round closes.",
        ),
      ],
      [
        _("After your objection"),
        _(
          "The author writes what they heard. Say «Yes, heard», or what is missing. The next version answers you, and you are asked again.",
        ),
      ],
      [
        _("When you are away"),
        _(
          "Press «I am absent for now», and nobody waits for you. Contribute anything, and you are back. If the others adopt it meanwhile, you get a second look.",
        ),
      ],
    ],
    limit: _("You cannot answer for anybody else, and nobody sees what you have typed before you record it."),
  },
  author: {
    name: _("Author"),
    short: _(
      "Writes the proposal, answers questions, listens to reactions. After an objection: writes what they heard in it, and answers it with a new version. Is asked for consent like everyone.",
    ),
    lead: _("You write the text and look after it. In the consent round you are asked like everyone."),
    steps: [
      [
        _("Draft"),
        _("Write why, what you propose, and when to look at it again. Only you see it until you open the first round."),
      ],
      [_("Questions"), _("Answer each one so that people understand. It is not yet the time to convince anybody.")],
      [
        _("Reactions"),
        _(
          "Listen. Nobody replies in this round, and neither do you. After it, ask for consent to the text, or write another version.",
        ),
      ],
      [
        _("After an objection"),
        _(
          "Write what you heard until its author says «Yes, heard». Then change the text, and write how it answers each objection.",
        ),
      ],
      [
        _("If you cannot go on"),
        _("Withdraw the proposal and say why; or say that you are absent, and somebody else is asked to carry it on."),
      ],
    ],
    limit: _(
      "You cannot change a text that others have answered: a change is a new version, and everyone answers anew.",
    ),
  },
  facilitator: {
    name: _("Facilitator"),
    short: _(
      "Looks after the rounds and the time. Can move a due time later. Decides for nobody, and each of their acts stands in the record.",
    ),
    lead: _("You look after the rounds, the turns and the time. Each of your acts is a line in the record."),
    steps: [
      [
        _("From afar"),
        _("The rounds close by themselves once everyone is heard. Give people more time where they need it."),
      ],
      [
        _("In a room"),
        _(
          "Open the room and give the turns. Whoever says «later» comes back in the round. Go on when everyone is heard.",
        ),
      ],
      [
        _("When an objection stands"),
        _("You may send the proposal back at once, or let the others answer first: both are in order."),
      ],
      [_("When it concerns you"), _("Hand over to somebody else, who accepts it. Or speak last, and say that you do.")],
      [
        _("When somebody is away"),
        _("After the due time, mark absent whoever was asked for a day. They are told, and come back as they like."),
      ],
    ],
    limit: _("You cannot shorten a due time, end a round, take back an answer or make a proposal an agreement."),
  },
  observer: {
    name: _("Observer"),
    short: _("Reads everything and is not asked to answer."),
    lead: _("You read along, and are not asked to answer."),
    steps: [
      [_("What you see"), _("The text in each version, what was said in each round once it is shown, and the record.")],
      [_("In a room"), _("You see who speaks and who is next, and the answers when they are shown to everyone.")],
      [_("To take part"), _("Ask a steward of the team to make you a member. Then the next rounds ask you too.")],
    ],
    limit: _("You cannot see a sealed answer earlier than the others do."),
  },
  steward: {
    name: _("Steward"),
    short: _("Invites people and looks after the team’s settings. In decisions, a member like the others."),
    lead: _(
      "You look after who belongs to the team, and how it decides. In decisions you are a member like the others.",
    ),
    steps: [
      [_("Inviting"), _("Make a link or send an invitation. Choose whether people take part or read along.")],
      [
        _("Settings"),
        _("Due times, sealed rounds, how many must answer. A change counts for proposals that are opened after it."),
      ],
      [
        _("When somebody leaves"),
        _("What they said stays in the record, and an objection of theirs is still answered."),
      ],
    ],
    limit: _("You cannot speed up a decision, look into a draft, or reach into an open proposal by removing somebody."),
  },
});
