/** Being at one meeting: its snapshot, kept up to date, and the commands that can be given in it. */
import { call } from "../api/client";
import type { Id, Meeting, MeetingDone } from "../api/types";
import { meetingCommandsOn } from "../state/meeting-commands";
import type { Here } from "./context";
import { Following } from "./following.svelte";

export class AtMeeting extends Following<Meeting, MeetingDone["entries"][number]> {
  readonly commands;

  constructor(id: Id, here: Here) {
    super(`meeting:${id}`, `meetings/${id}/`, here);
    this.commands = meetingCommandsOn(
      () => this.now,
      (path: string, body: object) => async (onRetry) => {
        const done = await call<MeetingDone>("POST", path, { body, onRetry });
        this.take(done.entries);
        return done;
      },
    );
  }
}
