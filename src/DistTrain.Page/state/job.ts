import { follow, type EventSink } from "../api/events.ts";
import type { Session } from "../api/session.ts";
import type { EpochMetrics, JobEvent, StepCurve, StepMetrics } from "../api/types.ts";
import { StepSeries } from "./series.ts";

export interface ValidationPoint {
  step: number;
  loss: number | null;
  accuracy: number | null;
}

export interface Note {
  time: string;
  text: string;
  kind: "state" | "notice" | "epoch";
}

/** A single step says little about the next ones. */
const paceOverSteps = 50;
const notesKept = 500;
/** Several attempts told at once ask for the steps once. */
const reloadAfterMs = 100;
const retryAfterMs = 1_000;

/**
 * All that is known of the job that is looked at: the steps the coordinator has kept, then each as it
 * happens. Steps are in no event that is kept; so they are loaded whenever a connection begins, and whenever
 * an attempt begins, which may take some of them back.
 */
export class JobModel implements EventSink {
  readonly series = new StepSeries();
  readonly validations: ValidationPoint[] = [];
  readonly notes: Note[] = [];
  last: StepMetrics | null = null;
  /** Samples a second over the steps of late, evaluations left out; null before any was seen. */
  pace: number | null = null;
  shards: number | null = null;
  /** Of the job as it was written; a batch schedule may have changed it since. */
  batch: number | null = null;
  isFollowed = false;
  /** Counts up with every change of what is drawn. */
  version = 0;

  private stopper = new AbortController();
  private sequence = 0;
  private isOver = false;
  private readonly recent = { samples: 0, seconds: 0 };
  private early: StepMetrics[] | null = null;
  private reload = 0;

  constructor(private readonly session: Session, readonly id: string, private readonly onChange: () => void) {
    this.resume();
  }

  /** Goes on after what was seen last. */
  resume(): void {
    this.stopper = new AbortController();
    this.load();
    if (!this.isOver) {
      void follow(this.session, this.id, this.sequence, this, this.stopper.signal);
    }
  }

  /** Nobody looks: a browser has few connections to one server, and other tabs need them. */
  suspend(): void {
    this.stopper.abort();
    clearTimeout(this.reload);
  }

  onConnected(): void {
    this.isFollowed = true;
    this.load();
  }

  onLost(): void {
    this.isFollowed = false;
    this.onChange();
  }

  onEvents(events: JobEvent[]): void {
    for (const happened of events) {
      this.take(happened);
      this.sequence = happened.sequence;
    }
    this.version++;
    this.onChange();
  }

  private take(happened: JobEvent): void {
    const { step, started, epoch, validation, state, notice } = happened;
    if (step !== undefined) {
      this.takeStep(step);
    } else if (started !== undefined) {
      this.takeStart(started.jobJson, started.resumedAt ?? 0);
    } else if (epoch !== undefined) {
      this.takeEpoch(happened.time, epoch);
    } else if (validation !== undefined) {
      this.validate(validation.step, validation.metrics);
    } else if (state !== undefined) {
      const reason = state.reason === undefined ? "" : `: ${state.reason}`;
      this.note({ time: happened.time, text: `${state.state.replaceAll("-", " ")}${reason}`, kind: "state" });
    } else if (notice !== undefined) {
      this.note({ time: happened.time, text: notice, kind: "notice" });
    } else if (happened.result !== undefined) {
      this.isOver = true;
      this.load();
    }
  }

  private takeStep(step: StepMetrics): void {
    this.last = step;
    this.measure(step);
    if (this.early === null) {
      this.series.add(step);
    } else {
      this.early.push(step);
      this.early.splice(0, Math.max(0, this.early.length - StepSeries.most));
    }
  }

  private measure(step: StepMetrics): void {
    this.recent.samples += step.samples - this.recent.samples / paceOverSteps;
    this.recent.seconds += step.elapsed - this.recent.seconds / paceOverSteps;
    this.pace = this.recent.seconds > 0 ? this.recent.samples / this.recent.seconds : null;
  }

  private takeStart(jobJson: string, resumedAt: number): void {
    const job = JSON.parse(jobJson) as { batch?: { global?: number; shards?: number } };
    this.shards = job.batch?.shards ?? null;
    this.batch = job.batch?.global ?? null;
    const kept = this.validations.filter((point) => point.step <= resumedAt);
    this.validations.splice(0, Infinity, ...kept);
    this.load();
  }

  private takeEpoch(time: string, epoch: EpochMetrics): void {
    const { train, validation } = epoch;
    const judged = validation === undefined ? "" : `, validation ${validation.loss?.toPrecision(4) ?? "–"}`;
    const text = `epoch ${epoch.epoch}: training loss ${train.loss?.toPrecision(4) ?? "–"}${judged}`;
    this.note({ time, text, kind: "epoch" });
    if (validation !== undefined) {
      this.validate(epoch.step, validation);
    }
  }

  private validate(step: number, metrics: { loss: number | null; accuracy?: number | null }): void {
    this.validations.push({ step, loss: metrics.loss, accuracy: metrics.accuracy ?? null });
  }

  private note(note: Note): void {
    this.notes.push(note);
    if (this.notes.length > notesKept) {
      this.notes.shift();
    }
  }

  /** Asks for the steps so far; what happens until they are here waits. */
  private load(): void {
    this.early ??= [];
    clearTimeout(this.reload);
    this.reload = window.setTimeout(() => void this.fetchSteps(), reloadAfterMs);
  }

  private async fetchSteps(): Promise<void> {
    const asked = this.reload;
    try {
      const curve = await this.session.get<StepCurve>(`jobs/${encodeURIComponent(this.id)}/steps`);
      if (asked !== this.reload || this.stopper.signal.aborted) {
        return; // asked again meanwhile
      }
      this.series.load(curve);
      this.last = curve.last ?? this.last;
      for (const step of this.early ?? []) {
        if (step.step > this.series.lastStep) {
          this.series.add(step);
          this.last = step;
        }
      }
      this.early = null;
      this.version++;
      this.onChange();
    } catch {
      // The connection is lost, which is told elsewhere; the steps are asked for until they come.
      if (asked === this.reload && !this.stopper.signal.aborted) {
        this.reload = window.setTimeout(() => void this.fetchSteps(), retryAfterMs);
      }
    }
  }
}
