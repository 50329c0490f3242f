/** Three small proposals to begin with, for a team that has none yet. */
import { _ } from ".";

export interface Starter {
  title: string;
  driver: string;
  body: string;
}

export const starters = (): Starter[] => [
  {
    title: _("How we take notes"),
    driver: _("After a meeting we remember different things, and who was not there knows nothing of it."),
    body: _(
      "In each meeting one person takes notes, in turn by first name. The notes name what was decided, who does what, and by when. They are in our shared folder on the same day.\n\nWe shall know that it works when nobody has to ask what was decided.",
    ),
  },
  {
    title: _("Quiet hours"),
    driver: _("Interruptions all day leave us no long stretch for work that needs one."),
    body: _(
      "From 9 to 12 we neither call nor expect answers to messages. Whoever has something urgent rings twice.\n\nWe shall know that it works when each of us has had two long mornings a week.",
    ),
  },
  {
    title: _("Meetings end after 45 minutes"),
    driver: _("Meetings run into each other, and some of us come to the next one late and tired."),
    body: _(
      "A meeting is planned for 45 minutes at most. Ten minutes before its end somebody says so. What is left goes to the next meeting, or to two people who look after it.\n\nWe shall know that it works when meetings begin on time.",
    ),
  },
];
