import * as format from "../format.ts";
import { h } from "../dom.ts";
import { lowerBound, smooth } from "../state/series.ts";
import type { JobModel, ValidationPoint } from "../state/job.ts";
import { Chart } from "./chart.ts";

/** Drawing rests so much longer than it takes, so that a slow machine stays at hand for everything else. */
const restFactor = 4;

/** Points a smoothed curve looks back over. */
const smoothedOver = 25;

const judged = (metric: string): ConstructorParameters<typeof Chart>[0]["lines"] => [
  { name: "training, each step", colour: "--train", isFaint: true },
  { name: "training, smoothed", colour: "--train" },
  { name: `validation ${metric}`, colour: "--valid", isSparse: true },
];

/** The curves of a job as they grow. */
export class Curves {
  readonly element = h("div", { class: "curves" });

  private readonly loss = new Chart({
    title: "Loss", lines: judged("loss"), format: format.figure, mark: format.mark,
  });
  private readonly accuracy = new Chart({
    title: "Accuracy", lines: judged("accuracy"), format: (value) => format.percent(value, 1),
    mark: (value) => `${format.mark(100 * value)} %`,
  });
  private readonly rate = new Chart({
    title: "Learning rate", lines: [{ name: "rate", colour: "--rate" }], format: format.rate,
    mark: format.mark,
    isFromZero: true,
  });
  private readonly noise = new Chart({
    title: "Noise scale",
    lines: [
      { name: "critical batch", colour: "--noise" },
      { name: "your batch", colour: "--soft", isDashed: true },
    ],
    format: format.count,
    mark: format.mark,
  });
  private drawn: JobModel | null = null;
  private version = -1;
  private drawnAt = 0;

  private readonly charts = [this.loss, this.accuracy, this.rate, this.noise];

  constructor() {
    this.element.append(...this.charts.map((chart) => chart.element));
  }

  update(job: JobModel): void {
    // Whoever rests is asked again soon: the cluster is looked at all the time.
    const cost = this.charts.reduce((sum, chart) => sum + chart.cost, 0);
    const rests = performance.now() < this.drawnAt + restFactor * cost;
    if (job === this.drawn && (job.version === this.version || rests)) {
      return;
    }
    [this.drawn, this.version, this.drawnAt] = [job, job.version, performance.now()];
    // Charts keep what they are given until they draw again; the series grows meanwhile.
    const { step, loss, accuracy, learningRate, noiseScale } = job.series.copy();
    const last = job.last;
    this.judge(this.loss, job, step, loss, (point) => point.loss, format.figure);
    this.accuracy.element.hidden = last !== null && (last.accuracy ?? null) === null;
    this.judge(this.accuracy, job, step, accuracy, (point) => point.accuracy, format.percent);
    this.rate.update([step, learningRate], format.rate(last?.learningRate));
    const batch = last?.samples ?? job.batch;
    const scale = last?.noise?.scale ?? null;
    this.noise.update(
      [step, noiseScale, step.map(() => batch)],
      scale !== null ? `${format.count(scale)} samples` : noiseScale.length > 0 ? "not to be told now" : "");
  }

  private judge(
    chart: Chart, job: JobModel, steps: number[], values: (number | null)[],
    metric: (point: ValidationPoint) => number | null, words: (value: number | null | undefined) => string,
  ): void {
    const smoothed = smooth(values, smoothedOver);
    const validation = job.validations.at(-1);
    const training = `training ${words(smoothed.at(-1))}`;
    const latest = validation === undefined
      ? training : `${training}, validation ${words(metric(validation))}`;
    chart.update([steps, values, smoothed, placed(job, steps, metric)], latest);
  }
}

/** Validations as a column beside the steps: each at the step that made the weights it judges. */
function placed(
  job: JobModel, steps: number[], metric: (point: ValidationPoint) => number | null,
): (number | null)[] {
  const column = new Array<number | null>(steps.length).fill(null);
  for (const point of job.validations) {
    const index = Math.min(steps.length - 1, lowerBound(steps, point.step - 1));
    if (index >= 0) {
      column[index] = metric(point);
    }
  }
  return column;
}
