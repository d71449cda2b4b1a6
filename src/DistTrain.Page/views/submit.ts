import type { Session } from "../api/session.ts";
import type { JobView } from "../api/types.ts";
import { h } from "../dom.ts";
import { ask } from "./dialogs.ts";

/** As the server has it. */
const mostBytes = 1 << 20;

/** Submits a job: a file is chosen, or its text is written; faults are told with their lines. */
export function submitJob(session: Session, submitted: (job: JobView) => void): void {
  let source = "job";
  const text = h("textarea", {
    id: "job-text", rows: 14, spellcheck: "false", required: true, "aria-describedby": "job-hint",
    placeholder: '{ "model": { "preset": "mlp" }, "dataset": { "name": "mnist" }, "epochs": 3 }',
  });
  const file = h("input", { type: "file", id: "job-file", accept: ".json,application/json" });
  file.addEventListener("change", () => void take(file.files?.[0]));
  const dialog = ask({
    title: "New job",
    body: [
      h("label", { for: "job-file" }, "A job file"), file,
      h("label", { for: "job-text" }, "or its text"), text,
      h("p", { class: "soft", id: "job-hint" },
        "JSON, as in docs/jobs.md. What is not written has a default; only the data must be named."),
    ],
    deed: "Submit",
    run: async () => submitted(await session.post<JobView>("jobs", { job: text.value, source })),
  });
  dialog.classList.add("wide");
  dialog.addEventListener("dragover", (event) => event.preventDefault());
  dialog.addEventListener("drop", (event) => {
    event.preventDefault();
    void take(event.dataTransfer?.files[0]);
  });

  async function take(chosen: File | undefined): Promise<void> {
    if (chosen !== undefined) {
      source = chosen.name;
      text.value = chosen.size > mostBytes ? "" : await chosen.text();
    }
  }
}
