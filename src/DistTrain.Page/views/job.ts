import * as format from "../format.ts";
import { h, setAttribute, setText, show } from "../dom.ts";
import { isFinal, type JobView } from "../api/types.ts";
import type { JobModel } from "../state/job.ts";
import type { Commands } from "./commands.ts";
import { Curves } from "./curves.ts";
import { NoisePanel } from "./noise.ts";
import { StateBadge } from "./states.ts";

/** The most workers of a job that was given none: all that come. */
const asManyAsCome = 65_536;

/** One job: where it stands, what can be done about it, its figures, its curves. */
export class JobPanel {
  readonly element: HTMLElement;

  private readonly title = h("h2", { id: "job-title" });
  private readonly badge = new StateBadge();
  private readonly reason = h("p", { class: "soft reason" });
  private readonly figures = new Figures();
  private readonly curves = new Curves();
  private readonly noise = new NoisePanel();
  private readonly pause: HTMLButtonElement;
  private readonly scale: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;
  private readonly files: HTMLSelectElement;
  private readonly body: HTMLElement;
  private readonly empty = h("p", { class: "soft" }, "Choose a job, or submit one, to see its curves.");
  private job: JobView | null = null;

  constructor(commands: Commands) {
    const whenShown = (does: (job: JobView) => void) => () => {
      if (this.job !== null) {
        does(this.job);
      }
    };
    this.pause = h("button", { click: whenShown((job) => commands.pauseOrResume(job)) }, "Pause");
    this.scale = h("button", { click: whenShown((job) => commands.scale(job)) }, "Scale…");
    this.stop = h("button", { class: "danger", click: whenShown((job) => commands.stop(job)) }, "Stop…");
    setAttribute(this.pause, "aria-keyshortcuts", "p");
    setAttribute(this.scale, "aria-keyshortcuts", "s");
    setAttribute(this.stop, "aria-keyshortcuts", "x");
    this.files = commands.fileMenu(() => this.job);
    const buttons = h("div", { class: "buttons", role: "group", "aria-label": "Commands for this job" },
      this.pause, this.scale, this.stop, this.files);
    this.body = h("div", { class: "job-body" },
      this.reason, this.figures.element, this.curves.element, this.noise.element);
    this.element = h("section", { class: "panel area-job", "aria-labelledby": "job-title" },
      h("header", {}, h("div", { class: "headline" }, this.title, this.badge.element), buttons),
      this.empty, this.body);
  }

  update(job: JobView | null, model: JobModel | null): void {
    this.job = job;
    show(this.body, job !== null);
    show(this.empty, job === null);
    show(this.badge.element, job !== null);
    show(this.pause.parentElement!, job !== null);
    setText(this.title, job?.id ?? "No job chosen");
    if (job === null) {
      return;
    }
    this.badge.update(job.state);
    show(this.reason, job.reason !== undefined);
    setText(this.reason, job.reason ?? "");
    setText(this.pause, job.state === "paused" || job.state === "pausing" ? "Resume" : "Pause");
    for (const button of [this.pause, this.scale, this.stop]) {
      button.disabled = isFinal(job.state) || job.state === "stopping";
    }
    this.figures.update(job, model);
    if (model !== null) {
      this.curves.update(model);
      this.noise.update(model);
    }
  }
}

/** The figures of a job, in columns. */
class Figures {
  private readonly values = new Map<string, [HTMLElement, HTMLElement]>();
  private readonly bar = h("progress", { max: 1, value: 0, "aria-label": "Steps done" });
  readonly element: HTMLElement;

  constructor() {
    const names = ["Step", "Epoch", "Loss", "Accuracy", "Samples/s", "Workers", "Time left", "Attempt"];
    const cells = names.map((name) => {
      const [value, more] = [h("span", { class: "value" }), h("span", { class: "soft" })];
      this.values.set(name, [value, more]);
      return h("div", {}, h("dt", {}, name), h("dd", {}, value, " ", more));
    });
    this.element = h("div", { class: "progress" }, this.bar, h("dl", { class: "figures" }, ...cells));
  }

  update(job: JobView, model: JobModel | null): void {
    // Steps are told one by one, the job as a whole only when it is asked for.
    const step = Math.max(job.step, (model?.last?.step ?? -1) + 1);
    const epoch = Math.max(job.epoch, model?.last?.epoch ?? 0);
    setAttribute(this.bar, "value", job.steps > 0 ? (step / job.steps).toFixed(5) : 0);
    const isRunning = job.state === "running";
    const most = job.maxWorkers >= asManyAsCome ? "of all that come" : `of ${job.maxWorkers} at most`;
    this.set("Step", format.count(step), job.steps > 0 ? `of ${format.count(job.steps)}` : "");
    this.set("Epoch", format.count(epoch), `of ${format.count(job.epochs)}`);
    this.set("Loss", format.figure(model?.last?.loss ?? job.loss));
    this.set("Accuracy", format.percent(model?.last?.accuracy ?? job.accuracy));
    this.set("Samples/s", format.count(isRunning ? paceOf(job, model) : null));
    this.set("Workers", format.count(job.workers.length), most);
    this.set("Time left", isRunning ? format.duration(secondsLeft(job, step, model)) : "–");
    this.set("Attempt", format.count(job.attempt));
  }

  private set(name: string, value: string, more = ""): void {
    const [figure, beside] = this.values.get(name)!;
    setText(figure, value);
    setText(beside, more);
  }
}

/** Of the steps of late; before any was seen, of the last one. */
function paceOf(job: JobView, model: JobModel | null): number | null {
  return model?.pace ?? job.samplesPerSecond ?? null;
}

/** By the pace of late; evaluations come on top. */
function secondsLeft(job: JobView, step: number, model: JobModel | null): number | null {
  const pace = paceOf(job, model);
  const batch = model?.last?.samples;
  return pace && batch !== undefined ? (job.steps - step) * batch / pace : null;
}
