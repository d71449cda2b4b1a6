import * as format from "../format.ts";
import { h, KeyedList, setAttribute, setText, show, type View } from "../dom.ts";
import type { JobView } from "../api/types.ts";
import { StateBadge } from "./states.ts";

/** The jobs, newest first; the one that is looked at is marked. */
export class JobsPanel {
  readonly element: HTMLElement;

  private readonly list = h("ul", { class: "jobs" });
  private readonly empty = h("p", { class: "soft" }, "No job yet. Submit one to begin.");
  private readonly rows = new KeyedList<JobView>(this.list, (job) => job.id, () => new JobRow());

  constructor(submit: () => void) {
    const button = h("button", { class: "primary", click: submit, "aria-keyshortcuts": "n" }, "New job");
    this.element = h("section", { class: "panel area-jobs", "aria-labelledby": "jobs-title" },
      h("header", {}, h("h2", { id: "jobs-title" }, "Jobs"), button), this.empty, this.list);
  }

  update(jobs: readonly JobView[], chosen: string | null): void {
    show(this.empty, jobs.length === 0);
    this.rows.update(jobs);
    for (const link of this.list.querySelectorAll("a")) {
      setAttribute(link, "aria-current", link.dataset["job"] === chosen ? "true" : null);
    }
  }
}

class JobRow implements View<JobView> {
  private readonly name = h("span", { class: "name" });
  private readonly badge = new StateBadge();
  private readonly line = h("span", { class: "soft figures" });
  private readonly bar = h("progress", { max: 1, value: 0, "aria-hidden": "true" });
  private readonly link = h("a", {}, this.name, this.badge.element, this.bar, this.line);
  readonly element = h("li", {}, this.link);

  update(job: JobView): void {
    setAttribute(this.link, "href", addressOf(job.id));
    setAttribute(this.link, "data-job", job.id);
    setText(this.name, job.id);
    this.badge.update(job.state);
    setAttribute(this.bar, "value", job.steps > 0 ? (job.step / job.steps).toFixed(4) : 0);
    setText(this.line, lineOf(job));
    setAttribute(this.link, "aria-label", `${job.id}, ${format.words(job.state)}, ${lineOf(job)}`);
  }
}

export function addressOf(job: string): string {
  return `#/jobs/${encodeURIComponent(job)}`;
}

/** The job that an address of the page names. */
export function jobOf(hash: string): string | null {
  const found = /^#\/jobs\/(.+)$/.exec(hash)?.[1];
  return found === undefined ? null : decodeURIComponent(found);
}

function lineOf(job: JobView): string {
  const epochs = format.plural(job.epochs, "epoch");
  const epoch = job.epoch > 0 ? `epoch ${format.count(job.epoch)} of ${format.count(job.epochs)}` : epochs;
  const done = job.steps > 0 ? `${Math.floor(100 * job.step / job.steps)} %` : "";
  const loss = job.loss === undefined ? "" : `loss ${format.figure(job.loss)}`;
  return [epoch, done, loss].filter((part) => part !== "").join(" · ");
}
