/** Talks to the coordinator that served the page. */

/** An answer that is no success, in the words of the API's problem. */
export class ApiFault extends Error {
  constructor(readonly status: number, readonly detail: string, readonly errors: readonly string[]) {
    super(detail);
  }
}

/** Nobody answered: the connection failed, or the answer took too long. */
export class Unreachable extends Error {}

const root = "/api/v1/";
const tokenKey = "disttrain-token";

/** The longest an answer may take; a coordinator answers within milliseconds, a bad network does not. */
const answerMs = 8_000;

export class Session {
  /** Is called whenever the coordinator asks for a token, or does not accept the one it was sent. */
  onUnauthorized: () => void = () => {};

  /** Lives as long as the tab: it is never written to disk, and no other tab has it. */
  get token(): string | null {
    return sessionStorage.getItem(tokenKey);
  }

  set token(value: string | null) {
    if (value === null) {
      sessionStorage.removeItem(tokenKey);
    } else {
      sessionStorage.setItem(tokenKey, value);
    }
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.send(path, {}, AbortSignal.timeout(answerMs));
    return (await this.whole(() => response.json())) as T;
  }

  async post<T>(path: string, body?: unknown): Promise<T> {
    const init: RequestInit = { method: "POST" };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { "Content-Type": "application/json" };
    }
    const response = await this.send(path, init, AbortSignal.timeout(answerMs));
    return (await this.whole(() => response.json())) as T;
  }

  /** A file of whatever size, without a limit on the time. */
  async file(path: string): Promise<Blob> {
    const response = await this.send(path, {}, null);
    return await this.whole(() => response.blob());
  }

  /**
   * Sends a request and gives the answer once its head is there.
   * @throws ApiFault for anything but a success, Unreachable when nobody answers.
   */
  async send(path: string, init: RequestInit, signal: AbortSignal | null): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token !== null) {
      headers.set("Authorization", `Bearer ${this.token}`);
    }
    let response: Response;
    try {
      response = await fetch(
        root + path, { ...init, headers, signal, cache: "no-store", credentials: "omit" });
    } catch (error) {
      throw new Unreachable(String(error));
    }
    if (response.ok) {
      return response;
    }
    if (response.status === 401) {
      this.onUnauthorized();
    }
    throw await faultOf(response);
  }

  private async whole<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }
}

async function faultOf(response: Response): Promise<ApiFault> {
  try {
    const problem = (await response.json()) as { title?: string; detail?: string; errors?: string[] };
    const detail = problem.detail ?? problem.title ?? response.statusText;
    return new ApiFault(response.status, detail, problem.errors ?? []);
  } catch {
    return new ApiFault(response.status, `${response.status} ${response.statusText}`, []);
  }
}

/** What to tell a person of anything that was thrown. */
export function wordsOf(error: unknown): string[] {
  if (error instanceof ApiFault) {
    return error.errors.length > 0 ? [...error.errors] : [error.detail];
  }
  return [error instanceof Unreachable ? "the coordinator does not answer; nothing was done" : String(error)];
}
