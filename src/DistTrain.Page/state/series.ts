import type { StepCurve, StepMetrics } from "../api/types.ts";

/** What is drawn of steps, in columns of one length. */
export interface Columns {
  step: number[];
  loss: (number | null)[];
  accuracy: (number | null)[];
  learningRate: (number | null)[];
  noiseScale: (number | null)[];
}

/**
 * The steps of a job as columns, bounded: when there are too many every second one goes, and from then on
 * every second one that comes. So a run of any length stays as quick to draw as a short one.
 */
export class StepSeries implements Columns {
  static readonly most = 20_000;

  readonly step: number[] = [];
  readonly loss: (number | null)[] = [];
  readonly accuracy: (number | null)[] = [];
  readonly learningRate: (number | null)[] = [];
  readonly noiseScale: (number | null)[] = [];

  /** Steps between two points that are kept. */
  private stride = 1;

  get length(): number {
    return this.step.length;
  }

  get lastStep(): number {
    return this.step.at(-1) ?? -1;
  }

  private get columns(): (number | null)[][] {
    return [this.step, this.loss, this.accuracy, this.learningRate, this.noiseScale];
  }

  /** Begins anew with what the coordinator has kept. */
  load(curve: StepCurve): void {
    this.cut(0);
    const sources = [curve.step, curve.loss, curve.accuracy, curve.learningRate, curve.noiseScale];
    this.columns.forEach((column, index) => {
      for (const value of sources[index]!) {
        column.push(value);
      }
    });
    const [first, last] = [this.step[0] ?? 0, this.lastStep];
    this.stride = this.length > 1 ? Math.max(1, Math.floor((last - first) / (this.length - 1))) : 1;
  }

  /** One step more. A step that was there before is done again: what came of it before goes. */
  add(step: StepMetrics): void {
    if (step.step <= this.lastStep) {
      this.cut(lowerBound(this.step, step.step));
    }
    if (this.length > 0 && step.step - this.lastStep < this.stride) {
      return;
    }
    this.step.push(step.step);
    this.loss.push(step.loss);
    this.accuracy.push(step.accuracy ?? null);
    this.learningRate.push(step.learningRate);
    this.noiseScale.push(step.noise?.scale ?? null);
    if (this.length > StepSeries.most) {
      this.halve();
    }
  }

  copy(): Columns {
    const [step, loss, accuracy, learningRate, noiseScale] = this.columns.map((column) => [...column]);
    return {
      step: step as number[], loss: loss!, accuracy: accuracy!, learningRate: learningRate!,
      noiseScale: noiseScale!,
    };
  }

  private cut(length: number): void {
    for (const column of this.columns) {
      column.length = length;
    }
  }

  private halve(): void {
    for (const column of this.columns) {
      const kept = column.filter((_, index) => index % 2 === 0);
      kept.forEach((value, index) => { column[index] = value; });
      column.length = kept.length;
    }
    this.stride *= 2;
  }
}

/** Index of the first that is not less. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** An exponential moving average over about so many points, corrected for its start; gaps stay. */
export function smooth(values: readonly (number | null)[], points: number): (number | null)[] {
  const kept = 1 - 1 / points;
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    if (value === null) {
      return null;
    }
    sum = kept * sum + (1 - kept) * value;
    weight = kept * weight + (1 - kept);
    return sum / weight;
  });
}
