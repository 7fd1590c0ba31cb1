import { setTimeout as pause } from 'node:timers/promises';
import type { Fate } from '../controllers/Cluster';

/** An API server and the hands that a scripted session needs on it. */
export interface Driver {
  url: string;
  /** May do everything. */
  token: string;
  /** Is known, and may do nothing. */
  strangerToken: string;
  /** How pods with this image end up. */
  setFate(image: string, fate: Fate): Promise<void>;
  setQuota(namespace: string, pods: number): Promise<void>;
  /** Milliseconds without a change after which nothing more is expected. */
  quietMs: number;
}

/** An exchange, as it went over the wire. */
export interface Exchange {
  request: {
    method: string;
    path: string;
    contentType?: string;
    body?: unknown;
    as: 'admin' | 'stranger' | 'nobody';
  };
  response: { status: number; body: any };
}

/** A step of the session: what was sent, and what the cluster looked like when it had settled. */
export interface RecordedStep {
  name: string;
  exchanges: Exchange[];
}

/** Plays a session against an API server and keeps what was sent and answered. */
export class Recorder {
  readonly steps: RecordedStep[] = [];
  readonly driver: Driver;

  constructor(driver: Driver) {
    this.driver = driver;
  }

  /** Begins a step; the exchanges that follow belong to it. */
  step(name: string): void {
    this.steps.push({ name, exchanges: [] });
  }

  /** Sends and keeps. */
  async send(
    method: string,
    path: string,
    options: {
      body?: unknown;
      contentType?: string;
      as?: 'admin' | 'stranger' | 'nobody';
    } = {},
  ): Promise<{ status: number; body: any }> {
    const { body, as = 'admin' } = options;
    const contentType =
      body === undefined
        ? undefined
        : options.contentType ?? 'application/json';
    const response = await this.#ask(method, path, { body, contentType, as });
    this.steps[this.steps.length - 1].exchanges.push({
      request: { method, path, contentType, body, as },
      response,
    });
    return response;
  }

  /** Asks until it is as wanted; only the last answer is kept. */
  async until(path: string, isWanted: (body: any) => boolean): Promise<any> {
    for (;;) {
      const { body } = await this.#ask('GET', path, { as: 'admin' });
      if (isWanted(body)) break;
      await pause(Math.min(20, this.driver.quietMs / 4));
    }
    return (await this.send('GET', path)).body;
  }

  /** Waits until nothing has been written for a while, so that what is kept is no passing state. */
  async settled(path: string): Promise<void> {
    const { quietMs } = this.driver;
    const pauseMs = Math.min(50, quietMs / 4);
    let last = '';
    // Looks, as the time of a machine that stands still tells nothing.
    for (let quiet = 0; quiet * pauseMs < quietMs; ) {
      const { body } = await this.#ask('GET', path, { as: 'admin' });
      const now = JSON.stringify(body);
      quiet = now === last ? quiet + 1 : 0;
      last = now;
      await pause(pauseMs);
    }
  }

  async #ask(
    method: string,
    path: string,
    options: { body?: unknown; contentType?: string; as: string },
  ): Promise<{ status: number; body: any }> {
    const { token, strangerToken } = this.driver;
    const tokens: Record<string, string> = {
      admin: token,
      stranger: strangerToken,
      nobody: 'no-such-token',
    };
    const { body, contentType, as } = options;
    const response = await fetch(`${this.driver.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens[as]}`,
        ...(contentType && { 'content-type': contentType }),
      },
      ...(body !== undefined && {
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });
    const text = await response.text();
    try {
      return { status: response.status, body: JSON.parse(text) };
    } catch {
      return { status: response.status, body: text };
    }
  }
}
