import {
  redact,
  TargetDiagnostics,
  TargetHealth,
} from '@vvp/backstage-plugin-deploy-common';
import { healthOf } from './decide/health';
import { countsOf, rolloutOf } from './decide/rollout';
import { troubleOfPod, troublesOf } from './decide/trouble';
import { isPodOf } from './model/revisions';
import { currentOf } from './plan';
import { ClusterEvent, Pod } from './model/types';
import { runOf } from './runOf';
import { Look, WorkloadSession } from './steps/WorkloadSession';

const MAX_PODS = 3;
const MAX_EVENTS = 50;
const LOG_LINES = 40;
const MAX_LINE = 500;

/** How well the workload runs, by itself and by the pods of its current revision. */
export async function readHealth(
  session: WorkloadSession,
  look: Look,
): Promise<TargetHealth> {
  const { workload, current } = look;
  const rollout = rolloutOf(session.kind, workload);
  const pods = rollout.state === 'complete' ? [] : await session.pods(look);
  const troubles = troublesOf(
    workload,
    current,
    pods.filter(pod => !current || isPodOf(pod, current)),
  );
  const health = healthOf(session.kind, workload, rollout, troubles);
  return health.reason === undefined
    ? health
    : { ...health, reason: redact(health.reason) };
}

/** State, events and the last lines of the containers that fail; what cannot be read is a problem. */
export async function diagnose(
  session: WorkloadSession,
): Promise<TargetDiagnostics> {
  const problems: string[] = [];
  const attempt = async <T>(read: () => Promise<T>, otherwise: T) => {
    try {
      return await read();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      problems.push(redact(text).slice(0, 500));
      return otherwise;
    }
  };
  const look = await attempt<Look | undefined>(() => session.look(), undefined);
  if (!look) {
    return {
      health: { state: 'unknown' },
      facts: [],
      events: [],
      logs: [],
      problems,
    };
  }
  const health = await attempt<TargetHealth>(() => readHealth(session, look), {
    state: 'unknown',
  });
  const pods = await attempt<Pod[]>(() => session.pods(look), []);
  const failing = pods.filter(pod => troubleOfPod(pod)).slice(0, MAX_PODS);
  const events = await readEvents(session, look, failing, attempt);
  const logs = await readLogs(session, failing, attempt);
  return {
    health,
    facts: factsOf(session, look, pods),
    events,
    logs,
    problems,
  };
}

type AttemptRead = <T>(read: () => Promise<T>, otherwise: T) => Promise<T>;

async function readEvents(
  session: WorkloadSession,
  look: Look,
  failing: readonly Pod[],
  attempt: AttemptRead,
): Promise<TargetDiagnostics['events']> {
  const objects = [
    { kind: session.kind as string, meta: look.workload.metadata },
    ...(session.kind === 'Deployment' && look.current
      ? [{ kind: 'ReplicaSet', meta: look.current }]
      : []),
    ...failing.map(pod => ({ kind: 'Pod', meta: pod.metadata })),
  ];
  const all: ClusterEvent[] = [];
  for (const { kind, meta } of objects) {
    const { name = '', uid = '' } = meta ?? {};
    all.push(
      ...(await attempt(() => session.api.listEvents({ kind, name, uid }), [])),
    );
  }
  return all
    .map(event => ({
      at: event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp,
      level: event.type === 'Warning' ? ('warn' as const) : ('info' as const),
      message: redact(formatEvent(event)).slice(0, MAX_LINE),
    }))
    .sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))
    .slice(0, MAX_EVENTS);
}

function formatEvent(event: ClusterEvent): string {
  const { kind = 'Object', name = '' } = event.involvedObject ?? {};
  const times = (event.count ?? 1) > 1 ? ` (${event.count} times)` : '';
  return `${event.reason ?? 'Event'} at ${kind} ${name}: ${
    event.message ?? ''
  }${times}`;
}

async function readLogs(
  session: WorkloadSession,
  failing: readonly Pod[],
  attempt: AttemptRead,
): Promise<TargetDiagnostics['logs']> {
  const logs: TargetDiagnostics['logs'] = [];
  for (const pod of failing) {
    const run = runOf(pod, troubleOfPod(pod)?.container);
    if (!run) {
      continue;
    }
    const name = pod.metadata?.name ?? '';
    const text = await attempt(
      () => session.api.readLog({ pod: name, ...run, lines: LOG_LINES }),
      undefined,
    );
    if (text !== undefined) {
      logs.push({ source: `${name}/${run.container}`, lines: linesOf(text) });
    }
  }
  return logs;
}

function linesOf(text: string): string[] {
  return redact(text)
    .split(/\r?\n/)
    .filter(line => line !== '')
    .slice(-LOG_LINES)
    .map(line => line.slice(0, MAX_LINE));
}

function factsOf(
  session: WorkloadSession,
  look: Look,
  pods: readonly Pod[],
): TargetDiagnostics['facts'] {
  const { wanted, updated, available } = countsOf(session.kind, look.workload);
  const conditions = (look.workload.status?.conditions ?? []).map(
    ({ type, status, reason, message }) => ({
      label: `Condition ${type}`,
      value: redact(
        [`${status}${reason ? ` (${reason})` : ''}`, message]
          .filter(Boolean)
          .join(': '),
      ).slice(0, MAX_LINE),
    }),
  );
  return [
    { label: 'Workload', value: session.title },
    { label: 'Revision', value: currentOf(look)?.id ?? 'not yet made' },
    {
      label: 'Pods',
      value: `${available} available, ${updated} of this revision, ${wanted} wanted`,
    },
    ...(look.workload.spec?.paused ? [{ label: 'Paused', value: 'yes' }] : []),
    ...conditions,
    ...pods.slice(0, 20).map(pod => ({
      label: `Pod ${pod.metadata?.name}`,
      value: podState(pod),
    })),
  ];
}

function podState(pod: Pod): string {
  const trouble = troubleOfPod(pod);
  const restarts = (pod.status?.containerStatuses ?? []).reduce(
    (sum, status) => sum + (status.restartCount ?? 0),
    0,
  );
  const text = pod.metadata?.deletionTimestamp
    ? 'Terminating'
    : trouble?.reason ?? pod.status?.phase ?? 'Unknown';
  return restarts > 0 ? `${text}, restarted ${restarts} times` : text;
}
