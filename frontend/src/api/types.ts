/** What the interface tells, as it is in the OpenAPI document, under the names that the pages use. */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** A merge patch takes what is null away: null and missing mean the same, so everything nullable may be missing. */
type Loose<T> = { [K in keyof T as null extends T[K] ? K : never]?: T[K] } & {
  [K in keyof T as null extends T[K] ? never : K]: T[K];
};

export type Id = string;
export type Phase = Schemas["SnapshotOutput"]["phase"];
export type RoundKind = "clarifying" | "reaction" | "consent";
export type AnswerKind = "consent" | "concern" | "objection";
export type Participant = Schemas["ParticipantOutput"];
export type OpenRound = Schemas["OpenRoundOutput"];
export type PastRound = Loose<Schemas["RoundOutput"]>;
export type Revision = Loose<Schemas["RevisionOutput"]>;
export type Question = Loose<Schemas["QuestionOutput"]>;
export type Reaction = Loose<Schemas["ReactionOutput"]>;
export type Response = Loose<Schemas["ResponseOutput"]>;
export type Objection = Loose<Schemas["ObjectionOutput"]>;
export type Room = Loose<Schemas["RoomOutput"]>;
export type Afterword = Schemas["AfterwordOutput"];
export type Listed = Schemas["ListedOutput"];
export type Voice = Schemas["VoiceOutput"];

type Collections =
  | "participants"
  | "observers"
  | "round"
  | "rounds"
  | "room"
  | "revisions"
  | "questions"
  | "reactions"
  | "responses"
  | "objections"
  | "screens";

/** A proposal as its reader may see it. */
export type Snapshot = Loose<Omit<Schemas["SnapshotOutput"], Collections>> & {
  participants: Record<Id, Participant>;
  observers: Record<Id, Schemas["ObserverOutput"]>;
  round?: OpenRound | null;
  room?: Room | null;
  rounds: Record<Id, PastRound>;
  revisions: Record<string, Revision>;
  questions: Record<Id, Question>;
  reactions: Record<Id, Reaction>;
  responses: Record<Id, Response>;
  objections: Record<Id, Objection>;
  screens: Record<Id, Schemas["ScreenOutput"]>;
};

/** One entry of the journal with the merge patch that it makes on the snapshot. */
export interface Entry {
  seq: number;
  event: string;
  at: string;
  by: Id | null;
  via: string | null;
  data: Record<string, unknown>;
  changes: Record<string, unknown>;
  hash: string;
}

/** What a command answers: the entries that it made, and the receipt of the one that it was given for. */
export interface Done {
  proposal: Id;
  seq: number;
  receipt: string | null;
  entries: Entry[];
}

/** … and where it made a link to a screen, that link: told this once. */
export interface NewScreen extends Done {
  token: string;
  url: string;
}

/** What a link to a screen shows. */
export interface Shown {
  until: string;
  join: string;
  way_in: string;
  proposal: Snapshot;
}

/** Something that the reader recorded, with its receipt. */
export type Given = Schemas["GivenOutput"];

/** What the service says of a receipt to whoever may see its decision. */
export type ReceiptCheck = Schemas["ReceiptCheckOutput"];

/** RFC 9457, as the server tells what it refuses and why. */
export interface ProblemBody {
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: Record<string, string[]>;
  [more: string]: unknown;
}

export interface Me {
  id: Id;
  name: string;
  email: string;
  /** Only tries Rondo out: has one decision, with played members, and no account to look after. */
  guest: boolean;
  site_admin: boolean;
  /** What they chose; null leaves it to the browser. */
  language: string | null;
  time_zone: string | null;
  /** Another one since the server went back to a backup. */
  epoch: string;
}

/** What a page needs to know before anybody is signed in. */
export interface Entrance {
  first: boolean;
  mail: boolean;
  confirms_email: boolean;
  single_sign_on: string | null;
}

export type Role = "member" | "observer" | "steward";

export interface Member {
  id: Id;
  name: string;
  role: Role;
  suspended: boolean;
  /** For three days. */
  way_in_given_back_at: string | null;
  joined_at: string;
}

export interface Policy {
  sealed: "in_room" | "always" | "never";
  quorum_percent: number;
  due_days: number;
  objector_grace_days: number;
  second_look_days: number;
  facilitator: Id | null;
}

export interface Team {
  slug: string;
  name: string;
  aim: string;
  policy: Policy;
  members: Member[];
  my_role: Role | null;
  created_at: string;
}

export interface Invitation {
  id: Id;
  email: string;
  role: Role;
  invited_by: string;
  created_at: string;
  expires_at: string;
  uses: number;
  max_uses: number;
  /** What has become of the mail that brings it to its address. */
  mail: Schemas["MailEnum"];
}

export interface NewInvitation extends Invitation {
  token: string;
  url: string;
}

export interface Offer {
  team: { slug: string; name: string; aim: string };
  role: Role;
  invited_by: string;
  expires_at: string;
}

export interface Page<T> {
  next: string | null;
  previous: string | null;
  results: T[];
}

export type MeetingPhase = Schemas["MeetingOutput"]["phase"];
export type Wanted = Schemas["AgendaItemOutput"]["wanted"];
export type AgendaItem = Loose<Schemas["AgendaItemOutput"]>;
export type MeetingPerson = Loose<Schemas["MeetingPersonOutput"]>;
export type ListedMeeting = Schemas["ListedMeetingOutput"];
export type Minutes = Schemas["MinutesOutput"];

/** A meeting as everybody in its team sees it. */
export type Meeting = Loose<Omit<Schemas["MeetingOutput"], "agenda" | "people">> & {
  agenda: Record<Id, AgendaItem>;
  people: Record<Id, MeetingPerson>;
};

/** What a command on a meeting answers. */
export interface MeetingDone {
  meeting: Id;
  seq: number;
  entries: Omit<Entry, "hash">[];
}
