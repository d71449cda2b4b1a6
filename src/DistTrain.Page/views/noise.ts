import * as format from "../format.ts";
import { h, setAttribute, setText, show, svg } from "../dom.ts";
import type { JobModel } from "../state/job.ts";

/** As the core has them: estimates before anything is said, and the factor that counts as near. */
const fewestEstimates = 20;
const nearFactor = 2;

type Place = "unknown" | "below" | "near" | "above";

const meaning: Record<Place, string> = {
  unknown: "The noise scale predicts the batch up to which a larger one saves steps.",
  below: "A larger batch would train in fewer steps at almost the same number of samples.",
  near: "Steps and samples are in balance.",
  above: "Much of each batch says little that is new: a smaller one would do with fewer samples.",
};

/** The largest batch that is drawn, on a logarithmic scale from 1. */
const scaleTo = 1e6;

/** What the gradient noise says about the batch. */
export class NoisePanel {
  readonly element: HTMLElement;

  private readonly verdict = h("p", { class: "verdict" });
  private readonly meaning = h("p", { class: "soft" });
  private readonly band = svg("rect", { class: "band", y: 10, height: 16, rx: 3 });
  private readonly critical = svg("line", { class: "critical", y1: 8, y2: 28 });
  private readonly batch = svg("text", { class: "batch", y: 13, "text-anchor": "middle" }, "▼");
  private readonly picture: SVGSVGElement;

  constructor() {
    this.picture = svg("svg", { class: "gauge", height: 48, "aria-hidden": "true" });
    this.picture.append(
      svg("line", { class: "rule", x1: 0, x2: "100%", y1: 18, y2: 18 }),
      this.band, this.critical, this.batch);
    for (let size = 1; size <= scaleTo; size *= 10) {
      const anchor = size === 1 ? "start" : size === scaleTo ? "end" : "middle";
      this.picture.append(
        svg("text", { x: place(size), y: 44, "text-anchor": anchor }, format.compact(size)));
    }
    this.element = h("section", { class: "noise", "aria-label": "Gradient noise" },
      h("h3", {}, "Gradient noise"), this.verdict, this.meaning,
      h("div", { class: "gauge-frame" }, this.picture));
  }

  update(job: JobModel): void {
    const batch = job.last?.samples ?? job.batch;
    const estimates = job.last?.noise?.estimates ?? 0;
    const scale = job.last?.noise?.scale ?? null;
    const where = batch === null || estimates < fewestEstimates ? "unknown" : placeOf(scale, batch);
    setText(this.verdict, sentence(job, where, batch, scale, estimates));
    setText(this.meaning, meaning[where]);
    setAttribute(this.element, "data-place", where);
    show(this.picture.parentElement!, where !== "unknown");
    if (where !== "unknown" && batch !== null) {
      setAttribute(this.batch, "x", place(batch));
      this.drawScale(scale);
    }
  }

  private drawScale(scale: number | null): void {
    setAttribute(this.band, "visibility", scale === null ? "hidden" : "visible");
    setAttribute(this.critical, "visibility", scale === null ? "hidden" : "visible");
    if (scale !== null) {
      const [from, to] = [share(scale / nearFactor), share(scale * nearFactor)];
      setAttribute(this.band, "x", place(scale / nearFactor));
      setAttribute(this.band, "width", `${(to - from).toFixed(2)}%`);
      setAttribute(this.critical, "x1", place(scale));
      setAttribute(this.critical, "x2", place(scale));
    }
  }
}

/** Of the picture's width, in percent. */
function share(batch: number): number {
  return 100 * Math.min(1, Math.log10(Math.max(1, batch)) / Math.log10(scaleTo));
}

function place(batch: number): string {
  return `${share(batch).toFixed(2)}%`;
}

/** Estimates and yet no scale: the mean gradient is lost in the noise, so the batch is far below. */
function placeOf(scale: number | null, batch: number): Place {
  return scale === null || batch * nearFactor < scale ? "below"
    : batch > nearFactor * scale ? "above" : "near";
}

function sentence(
  job: JobModel, where: Place, batch: number | null, scale: number | null, estimates: number,
): string {
  if (job.shards !== null && job.shards < 2) {
    return `the noise scale needs at least 2 shards; batch.shards is ${job.shards}`;
  }
  if (where === "unknown") {
    return `critical batch: too few steps yet (${estimates} of ${fewestEstimates})`;
  }
  const yours = `your batch of ${samples(batch ?? 0)} is ${where} it`;
  return scale === null
    ? `critical batch: too large to be told with batches of ${samples(batch ?? 0)}; ${yours}`
    : `critical batch ≈ ${samples(scale)}; ${yours}`;
}

/** A number of samples with no more digits than are known. */
function samples(value: number): string {
  return value < 10 ? String(Number(value.toFixed(2))) : format.count(value);
}
