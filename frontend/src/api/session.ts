/** The headless interface of the account service: signing in, step by step, and out. */
import { _ } from "../words";
import { csrf, Problem } from "./client";

export interface Answer {
  status: number;
  data?: unknown;
  meta?: { is_authenticated?: boolean; [more: string]: unknown };
  errors?: { message: string; param?: string; code?: string }[];
}

interface Flow {
  id: string;
  is_pending?: boolean;
  types?: string[];
}

/** Where somebody stands on the way in. `code`, `confirm`, `second`: one of these is asked next. */
export type Step = "in" | "code" | "confirm" | "second" | "elsewhere" | "out";

export interface Standing {
  step: Step;
  /** With which second factors they may come in. */
  kinds: string[];
}

const STEPS: Record<string, Step> = {
  login_by_code: "code",
  verify_email: "confirm",
  mfa_authenticate: "second",
  provider_signup: "elsewhere",
};

export const CONFIRM = "confirm_who_you_are";

/** Asks, and takes every answer but “too many” and “confirm that it is you” as it is. */
export async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const request: RequestInit = {
    method,
    credentials: "same-origin",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf() },
  };
  if (body !== undefined) request.body = JSON.stringify(body);
  const reached = await fetch(`/_allauth/browser/v1/${path}`, request).catch(() => null);
  if (reached === null) throw refusal(0, _("The server could not be reached. Try again in a moment."));
  if (reached.status === 429)
    throw refusal(429, _("That was a lot of tries at once. Wait a few minutes, then try again."));
  const answer: Answer = { ...((await reached.json().catch(() => ({}))) as Answer), status: reached.status };
  if (answer.status === 401 && answer.meta?.is_authenticated)
    throw refusal(401, _("Confirm first that it is you."), {}, CONFIRM);
  return answer;
}

/** The same for what has to go well. */
export async function need<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await ask(method, path, body);
  if (answer.status !== 200) throw problem(answer);
  return answer.data as T;
}

function refusal(status: number, detail: string, errors: Record<string, string[]> = {}, code = "account"): Problem {
  return new Problem({ title: _("Not done"), status, code, detail, errors });
}

export function problem(answer: Answer): Problem {
  const errors: Record<string, string[]> = {};
  for (const error of answer.errors ?? []) (errors[error.param ?? "form"] ??= []).push(error.message);
  const detail = answer.errors?.[0]?.message ?? _("That did not work. Look at what you entered and try again.");
  return refusal(answer.status, detail, errors);
}

function standing(answer: Answer): Standing {
  // 409 where somebody is signed in already, which is what was asked for.
  if (answer.status === 200) return { step: "in", kinds: [] };
  const flows = (answer.data as { flows?: Flow[] } | undefined)?.flows ?? [];
  const waiting = flows.find((flow) => flow.is_pending && flow.id in STEPS);
  return { step: STEPS[waiting?.id ?? ""] ?? "out", kinds: waiting?.types ?? [] };
}

/** One step on the way in: what is asked next, or what was amiss. */
async function step(path: string, body?: unknown): Promise<Standing> {
  const answer = await ask("POST", path, body);
  if (answer.status === 200 || answer.status === 401) return standing(answer);
  if (answer.status !== 409) throw problem(answer);
  const now = await whereIStand();
  if (now.step === "out") throw refusal(409, _("This took too long, or there were too many tries. Begin again."));
  return now;
}

export const whereIStand = async (): Promise<Standing> => standing(await ask("GET", "auth/session"));

export const signIn = (email: string, password: string) => step("auth/login", { email, password });
export const signUp = (name: string, email: string, password: string) => step("auth/signup", { name, email, password });
export const askForCode = (email: string) => step("auth/code/request", { email });
export const enterCode = (code: string) => step("auth/code/confirm", { code });
export const confirmAddress = (key: string) => step("auth/email/verify", { key });
export const secondFactor = (code: string) => step("auth/2fa/authenticate", { code });
export const showPasskey = (path: string, credential: unknown) => step(path, { credential });

export async function sendAgain(what: "code" | "confirm"): Promise<void> {
  await need("POST", what === "code" ? "auth/code/resend" : "auth/email/verify/resend");
}

export async function askForReset(email: string): Promise<void> {
  await need("POST", "auth/password/request", { email });
}

/** The service answers 401 where all went well: nobody is signed in by it. */
export async function resetPassword(key: string, password: string): Promise<void> {
  const answer = await ask("POST", "auth/password/reset", { key, password });
  if (answer.status !== 401 && answer.status !== 200) throw problem(answer);
}

/** The service answers 401 once nobody is signed in any more: that is the wanted end. */
export async function signOut(): Promise<void> {
  await ask("DELETE", "auth/session");
}
