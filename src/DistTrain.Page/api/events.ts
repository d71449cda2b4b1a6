import { ApiFault, type Session } from "./session.ts";
import type { JobEvent } from "./types.ts";

/*
 * Server-sent events over fetch: EventSource can send no token. Events carry numbers; whenever a connection
 * ends before the job does, the next one asks for what comes after the last number seen, so nothing comes
 * twice and nothing but steps is missed, also across a restart of the coordinator.
 */

/** The server says something every 15 s; a silence of twice that and more is a dead connection. */
const silenceMs = 35_000;
const firstPauseMs = 250;
const longestPauseMs = 2_000;

export interface EventSink {
  /** Events that came together, in order. */
  onEvents(events: JobEvent[]): void;
  /** A connection is there; steps may have been missed before it. */
  onConnected(): void;
  onLost(): void;
}

/**
 * Follows a job until it is over or the signal comes.
 * @param last Number of the last event seen; 0: from the start.
 */
export async function follow(
  session: Session, job: string, last: number, sink: EventSink, stop: AbortSignal,
): Promise<void> {
  let pause = firstPauseMs;
  while (!stop.aborted) {
    const silence = new AbortController();
    let timer = 0;
    const heard = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => silence.abort(), silenceMs);
    };
    try {
      heard();
      const path = `jobs/${encodeURIComponent(job)}/events`;
      const head = { headers: { "Last-Event-ID": String(last) } };
      const response = await session.send(path, head, AbortSignal.any([stop, silence.signal]));
      if (response.status === 204 || response.body === null) {
        return;
      }
      sink.onConnected();
      pause = firstPauseMs;
      for await (const events of messages(response.body, heard)) {
        const fresh = events.filter((happened) => happened.sequence > last);
        last = fresh.at(-1)?.sequence ?? last;
        sink.onEvents(fresh);
        if (fresh.some((happened) => happened.result !== undefined)) {
          return;
        }
      }
    } catch (error) {
      if (error instanceof ApiFault && error.status < 500) {
        return; // no such job, or no token: coming back would not help
      }
    } finally {
      clearTimeout(timer);
    }
    if (!stop.aborted) {
      sink.onLost();
      await sleep(pause, stop);
      pause = Math.min(2 * pause, longestPauseMs);
    }
  }
}

/** Events as they arrive, those of one piece of the stream together. */
async function* messages(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<JobEvent[]> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      heard();
      const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      const events = blocks.flatMap(parse);
      if (events.length > 0) {
        yield events;
      }
    }
  } finally {
    reader.cancel().catch(() => {}); // the connection may be gone already, which is what is wanted
  }
}

function parse(block: string): JobEvent[] {
  const data = block.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
  return data.length > 0 ? [JSON.parse(data.join("\n")) as JobEvent] : [];
}

/** Ends early when the signal comes. */
export function sleep(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stop.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
