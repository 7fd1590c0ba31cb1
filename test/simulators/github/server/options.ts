import { parseArgs } from 'node:util';
import { DAY, HOUR } from './state/time';

export interface Options {
  port: number;
  state: string | undefined;
  publicUrl: string | undefined;
  webhookUrls: string[];
  webhookSecret: string | undefined;
  examples: string | undefined;
  /** Base address of the deploy backend that jobs of the examples report to. */
  reportUrl: string | undefined;
  /** Of VVP's result endpoint. */
  reportApiKey: string | undefined;
  /** Address of the control of the simulated clouds, which jobs of the examples deploy to. */
  cloudUrl: string | undefined;
  /** Where the environments of the examples are asked for their version, in place of what deploy.yaml says. */
  versionUrl: string | undefined;
  anchor: number;
  startTime: number;
  history: boolean;
  live: boolean;
  waitFor: string | undefined;
  /** Ends when whoever holds the other end of standard input is gone. */
  untilStdinEnds: boolean;
  /** Login by token. */
  tokens: Record<string, string>;
}

const HISTORY_DAYS = 30;

function timeOf(text: string, name: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new Error(`--${name} is not a time: ${text}`);
  return time;
}

/** What an environment variable that an option names holds; never an argument. */
function secretOf(
  name: string | undefined,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (name === undefined) return undefined;
  const secret = environment[name];
  if (!secret) throw new Error(`The environment has no ${name}`);
  return secret;
}

/** The command line and, for secrets, the environment. */
export function readOptions(
  commandLine: string[],
  environment: NodeJS.ProcessEnv,
): Options {
  const { values } = parseArgs({
    args: commandLine,
    options: {
      port: { type: 'string', default: '0' },
      state: { type: 'string' },
      'public-url': { type: 'string' },
      'webhook-url': { type: 'string', multiple: true, default: [] },
      'webhook-secret-env': { type: 'string' },
      /** `NAME` of a variable that holds `token=login,token=login`. */
      'tokens-env': { type: 'string' },
      examples: { type: 'string' },
      'report-url': { type: 'string' },
      'report-key-env': { type: 'string' },
      'cloud-url': { type: 'string' },
      'version-url': { type: 'string' },
      anchor: { type: 'string' },
      start: { type: 'string' },
      history: { type: 'boolean', default: false },
      live: { type: 'boolean' },
      'wait-for': { type: 'string' },
      'until-stdin-ends': { type: 'boolean', default: false },
    },
  });
  const anchor = values.anchor ? timeOf(values.anchor, 'anchor') : Date.now();
  const startOfHistory =
    Math.floor((anchor - HISTORY_DAYS * DAY) / HOUR) * HOUR;
  const defaultStart = values.history ? startOfHistory : anchor;
  const tokens = secretOf(values['tokens-env'], environment) ?? '';
  return {
    port: Number(values.port),
    state: values.state,
    publicUrl: values['public-url'],
    webhookUrls: values['webhook-url'],
    webhookSecret: secretOf(values['webhook-secret-env'], environment),
    examples: values.examples,
    reportUrl: values['report-url'],
    reportApiKey: secretOf(values['report-key-env'], environment),
    cloudUrl: values['cloud-url'],
    versionUrl: values['version-url'],
    anchor,
    startTime: values.start ? timeOf(values.start, 'start') : defaultStart,
    history: values.history,
    live: values.live ?? values.history,
    waitFor: values['wait-for'],
    untilStdinEnds: values['until-stdin-ends'],
    tokens: Object.fromEntries(
      tokens
        .split(',')
        .filter(Boolean)
        .map(pair => {
          const [token, login] = pair.split('=');
          return [token, login ?? 'deploy-portal[bot]'];
        }),
    ),
  };
}
