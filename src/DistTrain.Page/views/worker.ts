import * as format from "../format.ts";
import { h, setAttribute, setText, show, type View } from "../dom.ts";
import type { DepartedView, NodeView } from "../api/types.ts";
import type { Commands } from "./commands.ts";
import { ShardStrip } from "./shards.ts";

/** A worker that is here, or was. */
export interface Place {
  name: string;
  node: NodeView | null;
  gone: DepartedView | null;
  /** The job's shards, and the slowest step time of its workers. */
  shards: number;
  slowest: number;
  colour: number;
  traffic: { up: number; down: number } | null;
}

/** A worker: what it is, what it does, what is the matter with it. */
export class WorkerCard implements View<Place> {
  private readonly name = h("span", { class: "name" });
  private readonly state = h("span", { class: "badge" });
  private readonly drain: HTMLButtonElement;
  private readonly machine = h("p", { class: "soft" });
  private readonly work = h("p", { class: "work" });
  private readonly pace = h("p", { class: "pace" });
  private readonly strip = new ShardStrip();
  private readonly bar = h("meter", { min: 0, max: 1, value: 0, "aria-hidden": "true" });
  private readonly traffic = h("p", { class: "soft" });
  private readonly reason = h("p", { class: "reason" });
  readonly element: HTMLElement;
  private shown = "";

  constructor(commands: Commands) {
    this.drain = h("button", { class: "quiet", click: () => commands.drain(this.shown) }, "Drain…");
    this.element = h("li", { class: "worker" },
      h("div", { class: "row" }, this.name, this.state, this.drain),
      this.reason, this.machine, this.work, this.strip.element, this.bar, this.pace, this.traffic);
  }

  update(place: Place): void {
    const { node, gone } = place;
    this.shown = place.name;
    setText(this.name, place.name);
    const [kind, word] = gone !== null ? parting(gone) : standing(node!);
    setText(this.state, word);
    setAttribute(this.state, "data-kind", kind);
    setAttribute(this.element, "data-state", gone !== null ? "gone" : node!.state);
    setAttribute(this.element, "data-node", place.name);
    setAttribute(this.drain, "aria-label", `Drain ${place.name}`);
    show(this.drain, node !== null && node.state !== "draining");
    const why = gone !== null ? lastWords(gone) : trouble(node!);
    show(this.reason, why !== "");
    setText(this.reason, why);
    for (const element of [this.machine, this.work, this.strip.element, this.bar, this.pace, this.traffic]) {
      show(element, node !== null);
    }
    if (node !== null) {
      this.updateWork(node, place);
    }
  }

  private updateWork(node: NodeView, place: Place): void {
    const { pace } = node;
    const cores = format.plural(node.cores, "core");
    setText(this.machine, `${node.device} · ${cores} · ${format.bytes(node.memoryBytes)}`);
    const shards = pace === undefined ? "" : ` · ${pace.shards} of ${format.plural(place.shards, "shard")}`;
    setText(this.work, node.job === undefined ? "idle" : `${node.job}${shards}`);
    setText(this.traffic, traffic(place));
    show(this.strip.element, pace !== undefined);
    show(this.bar, pace !== undefined && pace.stepTime > 0);
    show(this.pace, pace !== undefined);
    if (pace !== undefined) {
      this.strip.update(pace.firstShard, pace.shards, place.shards, place.colour);
      const share = place.slowest > 0 ? pace.stepTime / place.slowest : 0;
      setAttribute(this.bar, "value", share.toFixed(3));
      setText(this.pace, pace.shards === 0 ? "given nothing for now: the others are faster"
        : `${format.stepTime(pace.stepTime)} a step · ${format.count(pace.samplesPerSecond)} samples/s`);
    }
  }
}

function parting(gone: DepartedView): [string, string] {
  return gone.reason === undefined ? ["calm", "left"] : ["bad", "✕ gone"];
}

function standing(node: NodeView): [string, string] {
  return node.state === "suspected" ? ["warn", "? suspected"]
    : node.state === "draining" ? ["warn", "◐ draining"]
    : node.pace?.isSlow === true ? ["warn", "▼ slow"]
    : node.job !== undefined ? ["active", "▶ at work"] : ["good", "✓ ready"];
}

function trouble(node: NodeView): string {
  return node.state === "suspected" ? `nothing heard for ${node.silentSeconds.toFixed(1)} s`
    : node.pace?.isSlow === true ? "the others wait for it" : "";
}

function lastWords(gone: DepartedView): string {
  const job = gone.job === undefined ? "" : `, at work on ${gone.job}`;
  const why = gone.reason === undefined ? "" : `: ${gone.reason}`;
  return `${format.duration(gone.secondsAgo)} ago${job}${why}`;
}

function traffic(place: Place): string {
  return place.traffic === null ? ""
    : `${format.bytes(place.traffic.up)}/s to it · ${format.bytes(place.traffic.down)}/s from it`;
}
