/** The commands of a meeting by name, each made for the moment that its giver saw. */
import type { Id, Meeting, MeetingDone, Wanted } from "../api/types";

export type MeetingSending = (onRetry: () => void) => Promise<MeetingDone>;
export type MeetingSend = (path: string, body: object) => MeetingSending;

export interface PlannedItem {
  id?: Id;
  proposal: Id;
  wanted: Wanted;
  minutes: number;
}

export function meetingCommandsOn(now: () => Meeting, post: MeetingSend) {
  const act = (name: string, more: object = {}) => post(`meetings/${now().id}/${name}/`, { ...more, on: now().moment });
  return {
    mail: () => act("mail"),
    callOff: () => act("call-off"),
    open: () => act("open"),
    join: () => act("join"),
    leave: () => act("leave"),
    speak: () => act("speak"),
    later: () => act("later"),
    giveTurn: (to: Id) => act("turn", { to }),
    agree: () => act("agree"),
    askChange: (text: string) => act("ask-change", { text }),
    next: () => act("next"),
    begin: (item: Id) => act("begin", { item }),
    endItem: () => act("end-item"),
    putOff: (item: Id) => act("put-off", { item }),
    reconsider: () => act("reconsider"),
    end: () => act("end"),
    leadOut: (participant: Id) => act("lead-out", { participant }),
    handOver: (to: Id) => act("facilitator", { to }),
    takeChair: () => act("chair"),
  };
}

export type MeetingCommands = ReturnType<typeof meetingCommandsOn>;
