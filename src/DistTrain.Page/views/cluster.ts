import * as format from "../format.ts";
import { h, KeyedList, setAttribute, setText, show, type View } from "../dom.ts";
import type { Sight } from "../state/watch.ts";
import type { DepartedView, NodeView } from "../api/types.ts";
import type { Commands } from "./commands.ts";
import { ShardStrip } from "./shards.ts";

/** Gone nodes are shown for so long; after that the log alone remembers them. */
const departedForSeconds = 600;

/** A worker that is here, or was. */
interface Place {
  name: string;
  node: NodeView | null;
  gone: DepartedView | null;
  /** The job's shards, and the slowest step time of its workers. */
  shards: number;
  slowest: number;
  colour: number;
  traffic: { up: number; down: number } | null;
}

/** The cluster as a picture: the coordinator, a bus, and the workers that hang on it. */
export class ClusterPanel {
  readonly element: HTMLElement;

  private readonly coordinator = h("div", { class: "coordinator" });
  private readonly sum = h("span", { class: "soft" });
  private readonly list = h("ul", { class: "workers" });
  private readonly empty = h("p", { class: "soft" }, "No worker is here.");
  private readonly rows: KeyedList<Place>;
  private readonly colours = new Map<string, number>();

  constructor(commands: Commands) {
    this.rows = new KeyedList(this.list, (place) => place.name, () => new WorkerCard(commands));
    this.element = h("section", { class: "panel area-cluster", "aria-labelledby": "cluster-title" },
      h("header", {}, h("h2", { id: "cluster-title" }, "Cluster"), this.sum),
      this.coordinator, this.empty, this.list);
  }

  update(sight: Sight): void {
    const { cluster } = sight;
    if (cluster === null) {
      return;
    }
    const up = format.duration((Date.now() - Date.parse(cluster.started)) / 1_000);
    setText(this.coordinator, `Coordinator · ${cluster.listen} · up ${up}`);
    setText(this.sum, format.plural(cluster.nodes.length, "worker"));
    show(this.empty, cluster.nodes.length === 0);
    const gone = cluster.departed.filter((departed) => departed.secondsAgo < departedForSeconds);
    const places = [
      ...cluster.nodes.map((node) => this.placeOf(node, cluster.nodes, sight)),
      ...gone.map((departed): Place => ({
        name: departed.name, node: null, gone: departed, shards: 0, slowest: 0, colour: 0, traffic: null,
      })),
    ];
    this.rows.update(places.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })));
  }

  private placeOf(node: NodeView, nodes: NodeView[], sight: Sight): Place {
    const paces = nodes.filter((other) => other.job !== undefined && other.job === node.job)
      .flatMap((other) => other.pace ?? []);
    return {
      name: node.name, node, gone: null,
      shards: Math.max(0, ...paces.map((pace) => pace.firstShard + pace.shards)),
      slowest: Math.max(0, ...paces.map((pace) => pace.stepTime)),
      colour: node.job === undefined ? 0 : this.colourOf(node.job),
      traffic: sight.traffic.get(node.name) ?? null,
    };
  }

  /** Each job keeps its colour while the page is open. */
  private colourOf(job: string): number {
    if (!this.colours.has(job)) {
      this.colours.set(job, this.colours.size % 8);
    }
    return this.colours.get(job)!;
  }
}

class WorkerCard implements View<Place> {
  private readonly name = h("span", { class: "name" });
  private readonly state = h("span", { class: "badge" });
  private readonly drain: HTMLButtonElement;
  private readonly machine = h("p", { class: "soft" });
  private readonly work = h("p", { class: "work" });
  private readonly pace = h("p", { class: "pace" });
  private readonly strip = new ShardStrip();
  private readonly bar = h("meter", { min: 0, max: 1, value: 0, "aria-hidden": "true" });
  private readonly reason = h("p", { class: "reason" });
  readonly element: HTMLElement;
  private shown = "";

  constructor(commands: Commands) {
    this.drain = h("button", { class: "quiet", click: () => commands.drain(this.shown) }, "Drain…");
    this.element = h("li", { class: "worker" },
      h("div", { class: "row" }, this.name, this.state, this.drain),
      this.reason, this.machine, this.work, this.strip.element, this.bar, this.pace);
  }

  update(place: Place): void {
    const { node, gone } = place;
    this.shown = place.name;
    setText(this.name, place.name);
    const [kind, word] = gone !== null ? (gone.reason === undefined ? ["calm", "left"] : ["bad", "✕ gone"])
      : standing(node!);
    setText(this.state, word!);
    setAttribute(this.state, "data-kind", kind!);
    setAttribute(this.element, "data-state", gone !== null ? "gone" : node!.state);
    setAttribute(this.element, "data-node", place.name);
    setAttribute(this.drain, "aria-label", `Drain ${place.name}`);
    show(this.drain, node !== null && node.state !== "draining");
    const why = gone !== null ? lastWords(gone) : trouble(node!);
    show(this.reason, why !== "");
    setText(this.reason, why);
    for (const element of [this.machine, this.work, this.strip.element, this.bar, this.pace]) {
      show(element, node !== null);
    }
    if (node !== null) {
      this.updateWork(node, place);
    }
  }

  private updateWork(node: NodeView, place: Place): void {
    const { pace } = node;
    setText(this.machine, `${node.device} · ${format.plural(node.cores, "core")} · `
      + `${format.bytes(node.memoryBytes)} · ${traffic(place)}`);
    const shards = pace === undefined ? "" : ` · ${pace.shards} of ${format.plural(place.shards, "shard")}`;
    setText(this.work, node.job === undefined ? "idle" : `${node.job}${shards}`);
    show(this.strip.element, pace !== undefined);
    show(this.bar, pace !== undefined && pace.stepTime > 0);
    show(this.pace, pace !== undefined);
    if (pace !== undefined) {
      this.strip.update(pace.firstShard, pace.shards, place.shards, place.colour);
      const share = place.slowest > 0 ? pace.stepTime / place.slowest : 0;
      setAttribute(this.bar, "value", share.toFixed(3));
      setText(this.pace, `${format.stepTime(pace.stepTime)} a step · `
        + `${format.count(pace.samplesPerSecond)} samples/s`);
    }
  }
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
  return `${format.duration(gone.secondsAgo)} ago${job}${gone.reason === undefined ? "" : `: ${gone.reason}`}`;
}

function traffic(place: Place): string {
  return place.traffic === null ? "" : `↓ ${format.bytes(place.traffic.up)}/s ↑ ${format.bytes(place.traffic.down)}/s`;
}
