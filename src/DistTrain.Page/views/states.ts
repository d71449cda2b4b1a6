import { words } from "../format.ts";
import { h, setAttribute, setText } from "../dom.ts";
import type { JobState } from "../api/types.ts";

/** A sign beside each word, so that no state is told by its colour alone. */
const signs: Record<JobState, string> = {
  queued: "○", running: "▶", pausing: "◐", paused: "❙❙", stopping: "◐",
  completed: "✓", "stopped-early": "✓", stopped: "■", failed: "✕",
};

const kinds: Record<JobState, "good" | "active" | "warn" | "bad" | "calm"> = {
  queued: "calm", running: "active", pausing: "warn", paused: "warn", stopping: "warn",
  completed: "good", "stopped-early": "good", stopped: "calm", failed: "bad",
};

/** Where a job stands, as a sign and a word. */
export class StateBadge {
  private readonly sign = h("span", { class: "sign", "aria-hidden": "true" });
  private readonly word = h("span");
  readonly element = h("span", { class: "badge" }, this.sign, this.word);

  update(state: JobState): void {
    setText(this.sign, signs[state]);
    setText(this.word, words(state));
    setAttribute(this.element, "data-kind", kinds[state]);
  }
}
