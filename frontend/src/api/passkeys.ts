/** Passkeys: asked of this device, shown to the account service. */
import { startAuthentication, startRegistration, WebAuthnError } from "@simplewebauthn/browser";
import { _ } from "../words";
import { Problem } from "./client";
import { ask, need, showPasskey, type Standing } from "./session";

type Creation = Parameters<typeof startRegistration>[0]["optionsJSON"];
type Request = Parameters<typeof startAuthentication>[0]["optionsJSON"];

/** Passkeys belong to a name: an address in numbers can have none. */
export const possible = (): boolean =>
  typeof PublicKeyCredential !== "undefined" && !/^[\d.]+$|^\[/.test(location.hostname);

/** What the device said, in words for who holds it. */
function said(error: unknown): Problem {
  const known = error instanceof WebAuthnError && error.code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED";
  const detail = known
    ? _("This device has a passkey for this account already.")
    : _("No passkey was used. Try again, or take another way.");
  return new Problem({ title: _("Not done"), status: 0, code: "passkey", detail, errors: {} });
}

async function shown(path: string): Promise<unknown> {
  const told = await need<{ request_options: { publicKey: Request } }>("GET", path);
  try {
    return await startAuthentication({ optionsJSON: told.request_options.publicKey });
  } catch (error) {
    throw said(error);
  }
}

async function comeInBy(path: string): Promise<Standing> {
  return showPasskey(path, await shown(path));
}

export const signInByPasskey = () => comeInBy("auth/webauthn/login");
export const secondByPasskey = () => comeInBy("auth/webauthn/authenticate");

export async function confirmByPasskey(): Promise<void> {
  const path = "auth/webauthn/reauthenticate";
  await need("POST", path, { credential: await shown(path) });
}

/** Whether recovery codes came into being with it. */
export async function addPasskey(name: string): Promise<boolean> {
  const path = "account/authenticators/webauthn";
  const told = await need<{ creation_options: { publicKey: Creation } }>("GET", `${path}?passwordless`);
  let credential: unknown;
  try {
    credential = await startRegistration({ optionsJSON: told.creation_options.publicKey });
  } catch (error) {
    throw said(error);
  }
  const answer = await ask("POST", path, { name, credential });
  if (answer.status !== 200)
    throw new Problem({
      title: _("Not done"),
      status: answer.status,
      code: "passkey",
      detail: answer.errors?.[0]?.message ?? _("The passkey was not kept. Try again."),
      errors: {},
    });
  return answer.meta?.recovery_codes_generated === true;
}
