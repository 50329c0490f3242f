/** The objector's own four lines, and the draft of an objection that they make. Nothing of it leaves the browser. */
import { _ } from ".";

export interface Lines {
  feeling: string;
  need: string;
  passage: string;
  ease: string;
}

export const feelings = () => [
  _("uneasy"),
  _("worried"),
  _("hurried"),
  _("torn"),
  _("left out"),
  _("overloaded"),
  _("unsure"),
];
export const needs = () => [
  _("safety"),
  _("clarity"),
  _("fairness"),
  _("rest"),
  _("time"),
  _("trust"),
  _("a say"),
  _("quality"),
];

/** The reason and the suggestion in the objector's words; a line that is empty makes no sentence. */
export function drafted({ feeling, need, passage, ease }: Lines): { reason: string; suggestion: string } {
  const sentences = [
    feeling.trim() && _("I feel {feeling}.", { feeling: feeling.trim() }),
    need.trim() && _("For our work I need {need}.", { need: need.trim() }),
    passage.trim() && _("What worries me in the text: “{passage}”.", { passage: passage.trim() }),
  ];
  return {
    reason: sentences.filter(Boolean).join(" "),
    suggestion: ease.trim() && _("I would be at ease if {ease}.", { ease: ease.trim().replace(/\.$/, "") }),
  };
}
