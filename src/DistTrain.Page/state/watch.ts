import { ApiFault, Unreachable, type Session } from "../api/session.ts";
import { sleep } from "../api/events.ts";
import type { ClusterView, JobView } from "../api/types.ts";

/** How the page stands to the coordinator. */
export type Contact =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "lost"; since: number; reason: string }
  | { kind: "locked" };

/** The cluster as it was last seen, and how certain that is. */
export interface Sight {
  contact: Contact;
  cluster: ClusterView | null;
  /** Finished ones included, newest first. */
  jobs: JobView[];
  /** Bytes a second that each node sends and receives, by its name. */
  traffic: Map<string, { up: number; down: number }>;
}

/** Between two looks at the cluster: what it shows is older by this at most. */
const lookEveryMs = 600;
/** No answer for so long is told, before the request is given up. */
const patienceMs = 1_100;
/** Finished jobs change seldom. */
const listEveryMs = 15_000;

/** Looks at the cluster, again and again, and tells what it sees. */
export class ClusterWatch {
  readonly sight: Sight = { contact: { kind: "connecting" }, cluster: null, jobs: [], traffic: new Map() };

  private readonly wake = new EventTarget();
  private listedAt = -Infinity;
  private lookedAt = 0;
  private stopper = new AbortController();

  constructor(private readonly session: Session, private readonly onChange: () => void) {
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => this.hurry());
  }

  start(): void {
    this.stopper = new AbortController();
    this.listedAt = -Infinity;
    void this.run(this.stopper.signal);
  }

  /** A token is asked for: nothing more is known, and nobody asks until there is one. */
  lock(): void {
    this.stopper.abort();
    Object.assign(this.sight, { contact: { kind: "locked" }, cluster: null, jobs: [] });
    this.onChange();
  }

  /** Something has just changed: look at once. */
  hurry(): void {
    this.listedAt = -Infinity;
    this.wake.dispatchEvent(new Event("look"));
  }

  private async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const late = setTimeout(() => this.lose("no answer"), patienceMs);
      try {
        await this.look();
      } catch (error) {
        this.fail(error, stop);
      } finally {
        clearTimeout(late);
      }
      if (!stop.aborted) {
        this.onChange();
        await this.pause(stop);
      }
    }
  }

  private async look(): Promise<void> {
    const cluster = await this.session.get<ClusterView>("cluster");
    const isListed = performance.now() - this.listedAt < listEveryMs && !this.hasChanged(cluster);
    if (isListed) {
      const fresh = new Map(cluster.jobs.map((job) => [job.id, job]));
      this.sight.jobs = this.sight.jobs.map((job) => fresh.get(job.id) ?? job);
    } else {
      this.listedAt = performance.now();
      this.sight.jobs = (await this.session.get<{ jobs: JobView[] }>("jobs")).jobs.reverse();
    }
    this.measure(cluster);
    this.sight.cluster = cluster;
    this.sight.contact = { kind: "live" };
  }

  /** A job has come, or has ended. */
  private hasChanged(cluster: ClusterView): boolean {
    const before = this.sight.cluster?.jobs.map((job) => job.id).join("\n");
    return before !== cluster.jobs.map((job) => job.id).join("\n");
  }

  private measure(cluster: ClusterView): void {
    const seconds = (performance.now() - this.lookedAt) / 1_000;
    this.lookedAt = performance.now();
    const before = new Map(this.sight.cluster?.nodes.map((node) => [node.name, node]));
    this.sight.traffic = new Map(cluster.nodes.flatMap((node) => {
      const old = before.get(node.name);
      if (old === undefined) {
        return [];
      }
      const up = Math.max(0, node.bytesSent - old.bytesSent) / seconds;
      const down = Math.max(0, node.bytesReceived - old.bytesReceived) / seconds;
      return [[node.name, { up, down }] as const];
    }));
  }

  private fail(error: unknown, stop: AbortSignal): void {
    if (stop.aborted) {
      return;
    }
    if (error instanceof Unreachable) {
      this.lose("nobody answers");
    } else if (error instanceof ApiFault) {
      this.lose(error.detail);
    } else {
      throw error;
    }
  }

  private lose(reason: string): void {
    const before = this.sight.contact;
    this.sight.contact = { kind: "lost", since: before.kind === "lost" ? before.since : Date.now(), reason };
    this.onChange();
  }

  private async pause(stop: AbortSignal): Promise<void> {
    const early = new AbortController();
    this.wake.addEventListener("look", () => early.abort(), { once: true });
    await sleep(lookEveryMs, AbortSignal.any([stop, early.signal]));
  }
}
