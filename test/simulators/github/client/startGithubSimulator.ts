import { GithubSimulator } from './GithubSimulator';
import { startProcess } from './childProcess';

export interface GithubSimulatorOptions {
  port?: number;
  /** A folder for the repositories; a temporary one unless given. */
  state?: string;
  /** The address that payloads carry; the simulator's own unless given. */
  publicUrl?: string;
  /** Where webhooks go; nowhere unless given. */
  webhookUrls?: string[];
  webhookSecret?: string;
  /** Login by token; without any, every token is the portal's. */
  tokens?: Record<string, string>;
  /** Every folder in it becomes a repository of `example-org`. */
  examples?: string;
  /** The simulation's time at the start, or the end of the history. */
  start?: string;
  anchor?: string;
  history?: boolean;
  /** The real clock decides what is due. */
  live?: boolean;
}

const SECRET = 'GITHUB_SIMULATOR_WEBHOOK_SECRET';
const TOKENS = 'GITHUB_SIMULATOR_TOKENS';

/** Starts a simulated GitHub on loopback, as a process of its own. */
export async function startGithubSimulator(
  options: GithubSimulatorOptions = {},
): Promise<GithubSimulator> {
  const commandLine: string[] = [];
  const add = (name: string, value: string | number | undefined) => {
    if (value !== undefined) commandLine.push(`--${name}`, String(value));
  };
  add('port', options.port);
  add('state', options.state);
  add('public-url', options.publicUrl);
  add('examples', options.examples);
  add('start', options.start);
  add('anchor', options.anchor);
  options.webhookUrls?.forEach(url => add('webhook-url', url));
  if (options.history) commandLine.push('--history');
  if (options.live) commandLine.push('--live');
  const secrets: Record<string, string> = {};
  if (options.webhookSecret) {
    secrets[SECRET] = options.webhookSecret;
    add('webhook-secret-env', SECRET);
  }
  if (options.tokens) {
    secrets[TOKENS] = Object.entries(options.tokens)
      .map(([token, login]) => `${token}=${login}`)
      .join(',');
    add('tokens-env', TOKENS);
  }
  const { child, ready } = await startProcess(commandLine, secrets);
  return new GithubSimulator(child, ready);
}
