/** Signing in, up and out, by the headless interface of the account service. */
import { Problem } from "./client";

interface AccountAnswer {
  status: number;
  data?: { user?: { email: string } };
  errors?: { message: string; param?: string; code?: string }[];
}

function csrf(): string {
  const found = document.cookie.split("; ").find((part) => /^(__Host-)?csrftoken=/.test(part));
  return found ? decodeURIComponent(found.split("=")[1] ?? "") : "";
}

async function ask(method: string, path: string, body?: unknown): Promise<AccountAnswer> {
  const request: RequestInit = {
    method,
    credentials: "same-origin",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf() },
  };
  if (body !== undefined) request.body = JSON.stringify(body);
  const answer = await fetch(`/_allauth/browser/v1/${path}`, request).catch(() => null);
  if (answer === null) throw refusal(0, "The server could not be reached. Try again in a moment.");
  if (answer.status === 429) throw refusal(429, "That was a lot of tries at once. Wait a few minutes, then try again.");
  return { ...((await answer.json().catch(() => ({}))) as AccountAnswer), status: answer.status };
}

function refusal(status: number, detail: string, errors: Record<string, string[]> = {}): Problem {
  return new Problem({ title: "Not signed in", status, code: "account", detail, errors });
}

function problem(answer: AccountAnswer): Problem {
  const errors: Record<string, string[]> = {};
  for (const error of answer.errors ?? []) (errors[error.param ?? "form"] ??= []).push(error.message);
  const detail = answer.errors?.[0]?.message ?? "That did not work. Look at what you entered and try again.";
  return refusal(answer.status, detail, errors);
}

export async function signIn(email: string, password: string): Promise<void> {
  const answer = await ask("POST", "auth/login", { email, password });
  // 409: somebody is signed in already, which is what was asked for.
  if (answer.status !== 200 && answer.status !== 409) throw problem(answer);
}

export async function signUp(name: string, email: string, password: string): Promise<void> {
  const answer = await ask("POST", "auth/signup", { name, email, password });
  if (answer.status !== 200 && answer.status !== 409) throw problem(answer);
}

/** The service answers 401 once nobody is signed in any more: that is the wanted end. */
export async function signOut(): Promise<void> {
  await ask("DELETE", "auth/session");
}
