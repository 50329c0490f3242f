/** Before some changes the account service wants to know again who is there: asked once, then the change goes on. */
import { Problem } from "../../api/client";
import { CONFIRM, need } from "../../api/session";
import { _ } from "../../words";

interface Known {
  user: { has_usable_password: boolean };
}

export class Identity {
  open = $state(false);
  /** By what they can show who they are: `password`, `totp`, `recovery_codes`, `webauthn`. */
  ways: string[] = $state.raw([]);
  #settle: ((sure: boolean) => void) | null = null;

  /** Does it; where that is refused until somebody has confirmed who they are, asks them and does it then. */
  async sure<T>(what: () => Promise<T>): Promise<T> {
    try {
      return await what();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== CONFIRM) throw error;
      if (await this.#asked()) return await what();
      throw new Problem({ ...error.body, code: "not_confirmed", detail: _("Nothing was changed.") });
    }
  }

  confirmed(): void {
    this.#end(true);
  }

  dismissed(): void {
    this.#end(false);
  }

  async #asked(): Promise<boolean> {
    const [session, factors] = await Promise.all([
      need<Known>("GET", "auth/session"),
      need<{ type: string }[]>("GET", "account/authenticators"),
    ]);
    const ways = factors.map((factor) => factor.type);
    this.ways = session.user.has_usable_password ? ["password", ...ways] : ways;
    this.open = true;
    return new Promise((settle) => (this.#settle = settle));
  }

  #end(sure: boolean): void {
    this.open = false;
    this.#settle?.(sure);
    this.#settle = null;
  }
}
