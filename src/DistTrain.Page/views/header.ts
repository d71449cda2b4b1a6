import * as format from "../format.ts";
import { h, setAttribute, setText, show } from "../dom.ts";
import type { Contact, Sight } from "../state/watch.ts";
import { onThemeChange, theme } from "../theme.ts";

/** The page's head: which cluster this is, and whether what is shown is true now. */
export class Header {
  readonly element: HTMLElement;

  private readonly cluster = h("span", { class: "soft cluster-name" });
  private readonly contact = h("span", { class: "contact", role: "status", "aria-live": "polite" });
  private readonly theme: HTMLButtonElement;
  private readonly leave: HTMLButtonElement;

  constructor(actions: { theme: () => void; help: () => void; leave: () => void }) {
    this.theme = h("button", { class: "quiet", click: actions.theme, "aria-keyshortcuts": "t" });
    this.leave = h("button", { class: "quiet", click: actions.leave }, "Sign out");
    const help = h("button", { class: "quiet", click: actions.help, "aria-keyshortcuts": "?" }, "Shortcuts");
    this.element = h("header", { class: "top" },
      h("h1", {}, "DistTrain"), this.cluster, this.contact,
      h("div", { class: "buttons" }, this.theme, help, this.leave));
    onThemeChange(() => this.nameTheme());
    this.nameTheme();
  }

  update(sight: Sight, hasToken: boolean): void {
    const { cluster, contact } = sight;
    setText(this.cluster, cluster === null ? ""
      : `cluster ${cluster.id.slice(0, 8)} · version ${cluster.version} · start ${cluster.epoch}`);
    setText(this.contact, words(contact));
    setAttribute(this.contact, "data-kind", contact.kind);
    show(this.leave, hasToken);
  }

  private nameTheme(): void {
    setText(this.theme, `Theme: ${theme()}`);
  }
}

function words(contact: Contact): string {
  switch (contact.kind) {
    case "live": return "● live";
    case "connecting": return "◌ connecting";
    case "locked": return "";
    case "lost": {
      const since = format.clock(new Date(contact.since).toISOString());
      return `▲ reconnecting: ${contact.reason} since ${since}`;
    }
  }
}
