import { Session } from "./api/session.ts";
import { h, show } from "./dom.ts";
import { listen, type Shortcut } from "./keys.ts";
import { JobModel } from "./state/job.ts";
import { ClusterWatch } from "./state/watch.ts";
import { nextTheme } from "./theme.ts";
import { isFinal, type JobView } from "./api/types.ts";
import { ClusterPanel } from "./views/cluster.ts";
import { Commands } from "./views/commands.ts";
import { tell, Toast } from "./views/dialogs.ts";
import { Header } from "./views/header.ts";
import { JobPanel } from "./views/job.ts";
import { addressOf, jobOf, JobsPanel } from "./views/jobs.ts";
import { LogPanel } from "./views/log.ts";
import { LoginPanel } from "./views/login.ts";
import { submitJob } from "./views/submit.ts";

/** Joins what is known with what is shown: every change of the one redraws the other, once a frame. */
export class App {
  readonly elements: HTMLElement[];

  private readonly session = new Session();
  private readonly watch = new ClusterWatch(this.session, () => this.redraw());
  private readonly toast = new Toast();
  private readonly commands = new Commands(this.session, this.toast, () => this.watch.hurry());
  private readonly header = new Header({
    theme: nextTheme, help: () => this.help(), leave: () => this.leave(),
  });
  private readonly login = new LoginPanel(this.session, () => this.watch.start());
  private readonly jobs = new JobsPanel(() => this.submit());
  private readonly job = new JobPanel(this.commands);
  private readonly cluster = new ClusterPanel(this.commands);
  private readonly log = new LogPanel();
  private readonly main = h("main", { class: "panels" },
    h("div", { class: "column" }, this.jobs.element, this.cluster.element),
    h("div", { class: "column" }, this.job.element, this.log.element));
  private model: JobModel | null = null;
  private isDue = false;

  private readonly shortcuts: Shortcut[] = [
    { key: "?", does: "this list", run: () => this.help() },
    { key: "n", does: "new job", run: () => this.submit() },
    { key: "j", does: "next job in the list", run: () => this.move(1) },
    { key: "k", does: "previous job in the list", run: () => this.move(-1) },
    { key: "p", does: "pause the job, or resume it", run: () => this.onJob("pauseOrResume") },
    { key: "s", does: "scale the job", run: () => this.onJob("scale") },
    { key: "x", does: "stop the job", run: () => this.onJob("stop") },
    { key: "l", does: "to the log", run: () => this.log.focus() },
    { key: "t", does: "light, dark, or as the system has it", run: nextTheme },
  ];

  constructor() {
    this.elements = [this.header.element, this.login.element, this.main, this.toast.element];
    this.session.onUnauthorized = () => this.lock();
    window.addEventListener("hashchange", () => this.redraw());
    document.addEventListener(
      "visibilitychange", () => document.hidden ? this.model?.suspend() : this.model?.resume());
    listen(this.shortcuts);
    this.watch.start();
    this.redraw();
  }

  /** The job that the address names, else the one shown already, else the first that runs or the newest. */
  private get chosen(): JobView | null {
    const { jobs } = this.watch.sight;
    const named = jobOf(location.hash);
    return jobs.find((job) => job.id === named) ?? jobs.find((job) => job.id === this.model?.id)
      ?? jobs.find((job) => job.state === "running") ?? jobs[0] ?? null;
  }

  private redraw(): void {
    if (!this.isDue) {
      this.isDue = true;
      requestAnimationFrame(() => {
        this.isDue = false;
        this.draw();
      });
    }
  }

  private draw(): void {
    const { sight } = this.watch;
    const job = this.chosen;
    this.look(job);
    this.header.update(sight, this.session.token !== null);
    show(this.main, sight.contact.kind !== "locked");
    this.main.dataset["contact"] = sight.contact.kind;
    this.jobs.update(sight.jobs, job?.id ?? null);
    this.job.update(job, this.model);
    this.cluster.update(sight);
    this.log.update(sight.cluster?.log ?? null, this.model);
  }

  /** Follows the job that is looked at, and no other. */
  private look(job: JobView | null): void {
    if (job?.id !== this.model?.id) {
      this.model?.suspend();
      this.model = job === null ? null : new JobModel(this.session, job.id, () => this.redraw());
    }
  }

  private onJob(command: "pauseOrResume" | "scale" | "stop"): void {
    const job = this.chosen;
    if (job !== null && !isFinal(job.state)) {
      this.commands[command](job);
    }
  }

  private move(by: number): void {
    const { jobs } = this.watch.sight;
    const index = jobs.findIndex((job) => job.id === this.chosen?.id) + by;
    const next = jobs[Math.max(0, Math.min(jobs.length - 1, index))];
    if (next !== undefined) {
      location.hash = addressOf(next.id);
    }
  }

  private submit(): void {
    submitJob(this.session, (job) => {
      this.toast.say(`${job.id} is in the queue`);
      location.hash = addressOf(job.id);
      this.watch.hurry();
    });
  }

  private help(): void {
    tell("Shortcuts", h("dl", { class: "shortcuts" }, ...this.shortcuts.flatMap(
      (shortcut) => [h("dt", {}, h("kbd", {}, shortcut.key)), h("dd", {}, shortcut.does)])));
  }

  private lock(): void {
    const had = this.session.token !== null;
    this.session.token = null;
    this.watch.lock();
    this.login.open(had ? "The coordinator does not accept the token any more." : null);
  }

  private leave(): void {
    this.session.token = null;
    this.watch.lock();
    this.login.open(null);
  }
}
