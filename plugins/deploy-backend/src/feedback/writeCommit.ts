import { createHash } from 'node:crypto';
import { GithubClient } from '../github/GithubClients';
import { githubFailure } from '../github/githubFailure';
import { FeedbackRecord, FeedbackStore } from './FeedbackStore';
import { CheckAnnotation } from './gateAnnotations';
import { hasEnded, planCheck } from './planCheck';
import { RenderedCheck, RenderedStatus } from './renderCheck';

/** Where and for whom something is written. */
export interface WriteContext {
  /** Only asked for when there is something to write. */
  connect: () => Promise<GithubClient>;
  /** `owner/name`. */
  repository: string;
  commit: string;
  store: FeedbackStore;
  /** Asked before each request that writes; throws if this process is to stop. */
  goOn: () => Promise<void>;
  now: () => Date;
}

const RETIRED = {
  title: 'No longer asked for',
  summary: 'No rule asks for this gate any more.',
};

/** Makes the check runs of a commit be these, and ends those that are there no longer. */
export async function writeChecks(
  context: WriteContext,
  checks: readonly RenderedCheck[],
): Promise<void> {
  const prefix = `check:${context.commit}:`;
  const records = await context.store.records(context.repository, prefix);
  for (const check of checks) {
    await writeCheck(context, check, records.get(check.name));
    records.delete(check.name);
  }
  for (const [name, record] of records) {
    await retireCheck(context, name, record);
  }
}

async function writeCheck(
  context: WriteContext,
  check: RenderedCheck,
  record: FeedbackRecord | undefined,
): Promise<void> {
  const plan = planCheck(check, record);
  if (!plan) {
    return;
  }
  const save = (githubId: string | undefined, digest: string) =>
    context.store.record(
      context.repository,
      `check:${context.commit}:${check.name}`,
      { ...(githubId && { githubId }), digest },
      context.now(),
    );
  const [first, ...more] = plan.batches;
  if (first.length > 0) {
    // If this process ends here, nobody knows which annotations GitHub has.
    await save(plan.githubId, plan.unsureDigest);
  }
  const githubId =
    plan.githubId === undefined
      ? await createCheck(context, check, first)
      : await updateCheck(context, check, plan.githubId, first);
  if (githubId === undefined) {
    // Somebody deleted it.
    await writeCheck(context, check, undefined);
    return;
  }
  await save(githubId, more.length > 0 ? plan.unsureDigest : plan.digest);
  for (const batch of more) {
    await updateCheck(context, check, githubId, batch);
  }
  if (more.length > 0) {
    await save(githubId, plan.digest);
  }
}

async function createCheck(
  context: WriteContext,
  check: RenderedCheck,
  annotations: CheckAnnotation[],
): Promise<string> {
  await context.goOn();
  const client = await context.connect();
  const { data } = await client.rest.checks.create({
    ...repositoryOf(context),
    name: check.name,
    head_sha: context.commit,
    ...fieldsOf(check, annotations),
  });
  return String(data.id);
}

/** Undefined if there is no such check run. */
async function updateCheck(
  context: WriteContext,
  check: RenderedCheck,
  githubId: string,
  annotations: CheckAnnotation[],
): Promise<string | undefined> {
  await context.goOn();
  const client = await context.connect();
  return unlessMissing(async () => {
    await client.rest.checks.update({
      ...repositoryOf(context),
      check_run_id: Number(githubId),
      ...fieldsOf(check, annotations),
    });
    return githubId;
  });
}

function fieldsOf(check: RenderedCheck, annotations: CheckAnnotation[]) {
  const { title, summary } = check;
  const outcome =
    check.conclusion === undefined
      ? { status: 'in_progress' as const }
      : { status: 'completed' as const, conclusion: check.conclusion };
  return {
    ...outcome,
    external_id: check.externalId,
    ...(check.detailsUrl && { details_url: check.detailsUrl }),
    output: {
      title,
      summary,
      ...(annotations.length > 0 && { annotations }),
    },
  };
}

async function retireCheck(
  context: WriteContext,
  name: string,
  record: FeedbackRecord,
): Promise<void> {
  const [, text, remarks] = record.digest?.split(':') ?? [];
  if (!record.githubId || (hasEnded(record) && text === 'retired')) {
    return;
  }
  await context.goOn();
  const client = await context.connect();
  await unlessMissing(() =>
    client.rest.checks.update({
      ...repositoryOf(context),
      check_run_id: Number(record.githubId),
      status: 'completed',
      conclusion: 'neutral',
      output: RETIRED,
    }),
  );
  await context.store.record(
    context.repository,
    `check:${context.commit}:${name}`,
    { ...record, digest: `ended:retired:${remarks}` },
    context.now(),
  );
}

/** Makes the statuses of a commit be these, and clears those that are there no longer. */
export async function writeStatuses(
  context: WriteContext,
  statuses: readonly RenderedStatus[],
): Promise<void> {
  const prefix = `status:${context.commit}:`;
  const records = await context.store.records(context.repository, prefix);
  const asked = new Set(statuses.map(status => status.context));
  const retired = [...records.keys()]
    .filter(name => !asked.has(name))
    .map(name => ({
      context: name,
      state: 'success' as const,
      description: RETIRED.title,
    }));
  for (const status of [...statuses, ...retired]) {
    const digest = createHash('sha256')
      .update(JSON.stringify(status))
      .digest('hex');
    if (records.get(status.context)?.digest !== digest) {
      await context.goOn();
      await createStatus(context, status);
      await context.store.record(
        context.repository,
        `${prefix}${status.context}`,
        { digest },
        context.now(),
      );
    }
  }
}

async function createStatus(
  context: WriteContext,
  { targetUrl, ...status }: RenderedStatus,
): Promise<void> {
  const client = await context.connect();
  await client.rest.repos.createCommitStatus({
    ...repositoryOf(context),
    sha: context.commit,
    ...status,
    ...(targetUrl && { target_url: targetUrl }),
  });
}

function repositoryOf({ repository }: WriteContext) {
  const [owner, repo] = repository.split('/');
  return { owner, repo };
}

/** Undefined if GitHub does not know what is to be changed. */
async function unlessMissing<T>(
  change: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await change();
  } catch (error) {
    if (githubFailure(error, new Date()).kind === 'missing') {
      return undefined;
    }
    throw error;
  }
}
