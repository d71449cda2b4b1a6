import * as format from "../format.ts";
import { h, KeyedList, setText, show } from "../dom.ts";
import type { Sight } from "../state/watch.ts";
import type { NodeView } from "../api/types.ts";
import type { Commands } from "./commands.ts";
import { type Place, WorkerCard } from "./worker.ts";

/** Gone nodes are shown for so long; after that the log alone remembers them. */
const departedForSeconds = 600;

/** The cluster as a picture: the coordinator, a bus, and the workers that hang on it. */
export class ClusterPanel {
  readonly element: HTMLElement;

  private readonly address = h("span", { class: "soft" });
  private readonly coordinator = h("div", { class: "coordinator" },
    h("span", { class: "name" }, "Coordinator"), this.address);
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
    setText(this.address, `${cluster.listen} · up ${up}`);
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
