import * as format from "../format.ts";
import { h, KeyedList, setAttribute, type View } from "../dom.ts";
import type { LogLine } from "../api/types.ts";
import type { JobModel, Note } from "../state/job.ts";

type Source = "cluster" | "job";

/** So near to its end a log counts as read to the end, and follows what comes. */
const nearEnd = 24;

/** A line that has an identity of its own, so that one that stays is not read out again. */
interface Entry {
  key: string;
  line: LogLine;
  kind: string;
}

/** The last lines of the cluster's log, or of the job's; new ones come into sight by themselves. */
export class LogPanel {
  readonly element: HTMLElement;

  private readonly lines = h("ol", { class: "lines", tabindex: 0, role: "log", "aria-label": "Log" });
  private readonly list = new KeyedList<Entry>(this.lines, (entry) => entry.key, (entry) => new Row(entry));
  private readonly tabs: HTMLElement;
  private source: Source = "cluster";
  private drawn = "";
  private cluster: readonly LogLine[] = [];
  private job: readonly Note[] = [];

  constructor() {
    this.tabs = h("div", { class: "tabs", role: "group", "aria-label": "Whose log" },
      this.tab("cluster", "Cluster"), this.tab("job", "This job"));
    this.element = h("section", { class: "panel area-log", "aria-labelledby": "log-title" },
      h("header", {}, h("h2", { id: "log-title" }, "Log"), this.tabs), this.lines);
  }

  focus(): void {
    this.lines.focus();
  }

  update(cluster: readonly LogLine[] | null, job: JobModel | null): void {
    this.cluster = cluster ?? this.cluster;
    this.job = job?.notes ?? [];
    this.draw();
  }

  private tab(source: Source, word: string): HTMLButtonElement {
    const chosen = source === this.source;
    return h("button", {
      "data-source": source, "aria-pressed": String(chosen), click: () => this.choose(source),
    }, word);
  }

  private choose(source: Source): void {
    this.source = source;
    for (const tab of this.tabs.querySelectorAll("button")) {
      setAttribute(tab, "aria-pressed", String(tab.dataset["source"] === source));
    }
    this.draw();
  }

  private draw(): void {
    const lines: readonly (LogLine & Partial<Note>)[] = this.source === "cluster" ? this.cluster : this.job;
    const key = `${this.source} ${lines.length} ${lines.at(-1)?.time} ${lines.at(-1)?.text}`;
    if (key === this.drawn) {
      return;
    }
    this.drawn = key;
    const seen = new Map<string, number>();
    const entries = lines.map((line): Entry => {
      const words = `${this.source} ${line.time} ${line.text}`;
      seen.set(words, (seen.get(words) ?? 0) + 1);
      return { key: `${words} ${seen.get(words)}`, line, kind: line.kind ?? kindOf(line.text) };
    });
    const { scrollTop, scrollHeight, clientHeight } = this.lines;
    const follows = scrollTop + clientHeight > scrollHeight - nearEnd;
    this.list.update(entries);
    if (follows) {
      this.lines.scrollTop = this.lines.scrollHeight;
    }
  }
}

class Row implements View<Entry> {
  readonly element: HTMLElement;

  constructor({ line, kind }: Entry) {
    const time = h("time", { datetime: line.time, title: format.moment(line.time) }, format.clock(line.time));
    this.element = h("li", { "data-kind": kind }, time, h("span", {}, line.text));
  }

  /** What was said stays said. */
  update(): void {}
}

/** What has gone wrong stands out. */
function kindOf(text: string): string {
  return / is gone: | is suspected: | failed|could not| is slow: /.test(text) ? "bad" : "notice";
}
