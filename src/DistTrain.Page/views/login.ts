import { ApiFault, type Session, wordsOf } from "../api/session.ts";
import { h, setText, show } from "../dom.ts";

/** Asks for the coordinator's token, where it has one. */
export class LoginPanel {
  readonly element: HTMLElement;

  private readonly token = h("input", {
    id: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true,
    "aria-describedby": "token-fault",
  });
  private readonly fault = h("p", { id: "token-fault", class: "fault", role: "alert" });
  private readonly go = h("button", { type: "submit", class: "primary" }, "Sign in");

  constructor(private readonly session: Session, private readonly accepted: () => void) {
    const form = h("form", { submit: (event) => void this.signIn(event) },
      h("h1", {}, "DistTrain"), h("label", { for: "token" }, "The cluster's token"), this.token,
      this.fault, this.go,
      h("p", { class: "soft" }, "The token the coordinator was started with. It is kept in this tab alone, "
        + "until the tab is closed."));
    this.element = h("main", { class: "login", hidden: true }, form);
  }

  /** @param why What happened to a token that was there before; null: there was none. */
  open(why: string | null): void {
    if (this.element.hidden) {
      setText(this.fault, why ?? "");
      show(this.element, true);
      this.token.focus();
    }
  }

  private async signIn(event: Event): Promise<void> {
    event.preventDefault();
    setText(this.fault, "");
    this.go.disabled = true;
    this.session.token = this.token.value.trim();
    try {
      await this.session.get("cluster");
      this.token.value = "";
      show(this.element, false);
      this.accepted();
    } catch (error) {
      this.session.token = null;
      const isWrong = error instanceof ApiFault && error.status === 401;
      setText(this.fault, isWrong
        ? "The coordinator does not accept this token." : `Not signed in: ${wordsOf(error).join("; ")}.`);
      this.token.select();
    } finally {
      this.go.disabled = false;
    }
  }
}
