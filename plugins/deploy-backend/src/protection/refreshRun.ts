import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { IngestOutcome } from '../ingest/Ingestor';
import { newestRun } from '../workflows/traceRuns';
import { RunApi } from './RunApi';
import { isPlain, KnownRun, RunQuestions } from './RunQuestions';

/** Takes in what was read from GitHub as if it were an event. */
export type Ingest = (topic: string, payload: object) => Promise<IngestOutcome>;

/** Brings in what GitHub says of a run now; undefined if it has no such run. */
export async function refreshRun(
  parts: { api: RunApi; ingest: Ingest; questions: RunQuestions },
  { repository, runId }: { repository: string; runId: string },
): Promise<KnownRun | undefined> {
  const { api, ingest, questions } = parts;
  const payload = await api.readRunIfThere();
  if (!payload) {
    return undefined;
  }
  await takeIn(ingest, 'github.rest.run', payload);
  const run = await questions.load(repository, runId);
  const commit = newestRun(run.trace)?.commit;
  if (!commit || isPlain(run)) {
    return run;
  }
  for (const deployment of await api.readDeployments(commit)) {
    await takeIn(ingest, 'github.rest.deployment', deployment);
  }
  return questions.load(repository, runId);
}

/** @throws TargetError if it could not be taken in yet */
export async function takeIn(
  ingest: Ingest,
  topic: string,
  payload: object,
): Promise<void> {
  const outcome = await ingest(topic, payload);
  if (outcome === 'postponed' || outcome === 'refused') {
    throw new TargetError(
      'transient',
      'What GitHub says of the run could not be taken in yet, so that it is not known who else would be let in.',
    );
  }
}
