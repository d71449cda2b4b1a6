/*
 * What the API sends, as far as the page uses it; docs/api.md and /openapi/v1.json have the whole. Members
 * that are null are left out on the wire, and numbers that are not finite are null: hence both below.
 */

export type JobState =
  | "queued" | "running" | "pausing" | "paused" | "stopping"
  | "completed" | "stopped-early" | "stopped" | "failed";

export interface JobView {
  id: string;
  name: string;
  state: JobState;
  reason?: string;
  submitted: string;
  started?: string;
  ended?: string;
  attempt: number;
  minWorkers: number;
  maxWorkers: number;
  workers: string[];
  epoch: number;
  epochs: number;
  step: number;
  steps: number;
  loss?: number | null;
  accuracy?: number | null;
  samplesPerSecond?: number | null;
  weightsSha256?: string;
}

export interface WorkerPace {
  worker: string;
  shards: number;
  firstShard: number;
  /** Seconds; 0 while not known. */
  stepTime: number;
  samplesPerSecond: number | null;
  isSlow: boolean;
}

export interface NodeView {
  name: string;
  state: "alive" | "suspected" | "draining";
  address: string;
  device: string;
  cores: number;
  memoryBytes: number;
  engine: string;
  job?: string;
  pace?: WorkerPace;
  silentSeconds: number;
  bytesSent: number;
  bytesReceived: number;
}

export interface DepartedView {
  name: string;
  job?: string;
  reason?: string;
  secondsAgo: number;
}

export interface LogLine {
  time: string;
  text: string;
}

export interface ClusterView {
  id: string;
  epoch: number;
  version: string;
  listen: string;
  started: string;
  nodes: NodeView[];
  departed: DepartedView[];
  jobs: JobView[];
  log: LogLine[];
}

export interface NoiseEstimate {
  scale?: number | null;
  estimates: number;
}

export interface StepMetrics {
  step: number;
  epoch: number;
  loss: number | null;
  accuracy?: number | null;
  learningRate: number | null;
  samples: number;
  skipped: boolean;
  /** Seconds. */
  elapsed: number;
  noise?: NoiseEstimate;
}

/** Columns of one length. */
export interface StepCurve {
  step: number[];
  loss: (number | null)[];
  accuracy: (number | null)[];
  learningRate: (number | null)[];
  noiseScale: (number | null)[];
  last?: StepMetrics;
}

export interface Evaluation {
  loss: number | null;
  accuracy?: number | null;
  samples: number;
}

export interface EpochMetrics {
  epoch: number;
  step: number;
  train: Evaluation;
  validation?: Evaluation;
  improved: boolean;
}

export interface JobEvent {
  sequence: number;
  time: string;
  state?: { state: JobState; reason?: string };
  started?: { jobJson: string; workers: number; resumedAt?: number };
  step?: StepMetrics;
  evaluating?: { epoch: number; split: string };
  epoch?: EpochMetrics;
  validation?: { step: number; metrics: Evaluation };
  workers?: WorkerPace[];
  notice?: string;
  result?: string;
}

export const jobFiles = ["job", "metrics", "weights", "report", "summary", "timeline"] as const;
export type JobFile = (typeof jobFiles)[number];

export function isFinal(state: JobState): boolean {
  return state === "completed" || state === "stopped-early" || state === "stopped" || state === "failed";
}
