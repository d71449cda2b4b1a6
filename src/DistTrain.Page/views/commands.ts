import { type Session, wordsOf } from "../api/session.ts";
import { type JobFile, jobFiles, type JobView } from "../api/types.ts";
import { h } from "../dom.ts";
import { ask, type Toast } from "./dialogs.ts";

const extensions: Record<JobFile, string> = {
  job: "json", metrics: "jsonl", weights: "safetensors", report: "html", summary: "json", timeline: "bin",
};

/** What the command line can do to jobs and nodes, for those who click. What cannot be undone asks first. */
export class Commands {
  constructor(
    private readonly session: Session, private readonly toast: Toast, private readonly done: () => void,
  ) {}

  pauseOrResume(job: JobView): void {
    const command = job.state === "paused" || job.state === "pausing" ? "resume" : "pause";
    void this.carryOut(() => this.post(`jobs/${encodeURIComponent(job.id)}/${command}`));
  }

  stop(job: JobView): void {
    ask({
      title: `Stop ${job.id}?`,
      body: [h("p", {}, "It ends for good and cannot be resumed. Its last weights are kept.")],
      deed: "Stop the job",
      isDangerous: true,
      run: () => this.tell(() => this.post(`jobs/${encodeURIComponent(job.id)}/stop`)),
    });
  }

  scale(job: JobView): void {
    const number = h("input", {
      type: "number", id: "workers", min: 1, max: 100_000, step: 1, required: true, autofocus: true,
      value: Math.min(job.maxWorkers, Math.max(1, job.workers.length)), inputmode: "numeric",
    });
    ask({
      title: `Scale ${job.id}`,
      body: [h("label", { for: "workers" }, "The most workers it is given"), number,
        h("p", { class: "soft" }, "The trained weights do not depend on it.")],
      deed: "Scale",
      run: () => this.tell(
        () => this.post(`jobs/${encodeURIComponent(job.id)}/scale`, { workers: number.valueAsNumber })),
    });
  }

  drain(node: string): void {
    ask({
      title: `Drain ${node}?`,
      body: [h("p", {}, "It finishes its step and leaves the cluster; its process ends.")],
      deed: "Drain the worker",
      isDangerous: true,
      run: () => this.tell(() => this.post(`cluster/nodes/${encodeURIComponent(node)}/drain`)),
    });
  }

  /** A menu of the files a job leaves behind; one that is chosen is downloaded. */
  fileMenu(job: () => JobView | null): HTMLSelectElement {
    const menu = h("select", { "aria-label": "Download a file of this job" },
      h("option", { value: "", selected: true }, "Download…"),
      ...jobFiles.map((file) => h("option", { value: file }, file)));
    menu.addEventListener("change", () => {
      const [chosen, file] = [job(), menu.value as JobFile | ""];
      menu.value = "";
      if (chosen !== null && file !== "") {
        void this.carryOut(() => this.download(chosen.id, file));
      }
    });
    return menu;
  }

  private async download(job: string, file: JobFile): Promise<string> {
    const blob = await this.session.file(`jobs/${encodeURIComponent(job)}/files/${file}`);
    const address = URL.createObjectURL(blob);
    h("a", { href: address, download: `${job}-${file}.${extensions[file]}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    return `${file} of ${job} is downloaded`;
  }

  private async post(path: string, body?: unknown): Promise<string> {
    return (await this.session.post<{ text: string }>(path, body)).text;
  }

  /** Does it and says how it went. */
  private async tell(deed: () => Promise<string>): Promise<void> {
    this.toast.say(await deed());
    this.done();
  }

  private async carryOut(deed: () => Promise<string>): Promise<void> {
    try {
      await this.tell(deed);
    } catch (error) {
      this.toast.say(wordsOf(error).join("; "), true);
    }
  }
}
