import { wordsOf } from "../api/session.ts";
import { h, setText, type Child } from "../dom.ts";

/**
 * Asks something and does it. While it is done the dialog waits; what went wrong it says, and stays.
 * Escape and Cancel leave without a deed; the browser gives the focus back to where it was.
 */
export function ask(question: {
  title: string;
  body: Child[];
  deed: string;
  isDangerous?: boolean;
  run: () => Promise<void>;
}): HTMLDialogElement {
  const faults = h("ul", { class: "faults", role: "alert", hidden: true });
  const go = h("button", {
    type: "submit", class: question.isDangerous === true ? "danger" : "primary",
  }, question.deed);
  const cancel = h("button", { type: "button", click: () => dialog.close() }, "Cancel");
  const run = async (event: Event) => {
    event.preventDefault();
    go.disabled = true;
    faults.hidden = true;
    try {
      await question.run();
      dialog.close();
    } catch (error) {
      faults.replaceChildren(...wordsOf(error).map((line) => h("li", {}, line)));
      faults.hidden = false;
    } finally {
      go.disabled = false;
    }
  };
  const form = h("form", { submit: (event) => void run(event) },
    h("h2", { id: "dialog-title" }, question.title), ...question.body, faults,
    h("div", { class: "buttons" }, cancel, go));
  const dialog = open(form);
  return dialog;
}

/** Tells something. */
export function tell(title: string, ...body: Child[]): HTMLDialogElement {
  const close = h("button", { class: "primary", type: "button", click: () => dialog.close() }, "Close");
  const dialog = open(h("div", { class: "form" }, h("h2", { id: "dialog-title" }, title), ...body,
    h("div", { class: "buttons" }, close)));
  return dialog;
}

function open(content: HTMLElement): HTMLDialogElement {
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, content);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A line that goes by itself, for deeds that need no dialog. */
export class Toast {
  readonly element = h("div", { class: "toast", role: "status", "aria-live": "polite" });
  private timer = 0;

  say(text: string, isBad = false): void {
    setText(this.element, text);
    this.element.dataset["kind"] = isBad ? "bad" : "good";
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => setText(this.element, ""), isBad ? 10_000 : 4_000);
  }
}
