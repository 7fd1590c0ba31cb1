import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { drivePlan } from '@vvp/backstage-plugin-deploy-node/testUtils';
import { Ledger } from '../simulators/aws';
import { expectAwsValidated } from '../simulators/aws/testing';
import {
  commitOf,
  ecrRegistry,
  portalKey,
  push,
  startEcsHarness,
} from './ecsHarness';

const docs = resolve(__dirname, '../../docs/aws');
const ledger = new Ledger();

afterAll(() => expectAwsValidated(ledger, 'ecs-policy'));

interface Policy {
  Statement: { Action: string | string[] }[];
}

async function actionsOf(file: string): Promise<string[]> {
  const policy: Policy = JSON.parse(await readFile(join(docs, file), 'utf8'));
  return policy.Statement.flatMap(({ Action }) => Action).sort();
}

/** All that the target does, and what it asked AWS for. */
async function usedActions(): Promise<string[]> {
  const harness = await startEcsHarness({
    ledger,
    registry: ecrRegistry,
    service: { strategy: 'BLUE_GREEN' },
    simulator: { bakeTicks: 1_000_000 },
  });
  const { target, environment, revisions, aws, client } = harness;
  const { signal } = new AbortController();
  await push(client);
  await target.revisions(environment, signal);
  const plan = await target.planRollback(
    environment,
    revisions.current,
    signal,
  );
  await drivePlan(target, environment, plan.steps);
  const restart = await target.planRestart(environment, signal);
  await drivePlan(target, environment, restart.steps, { stepLimitMs: 500 });
  await target.diagnostics(environment, signal);
  await target.canary.look(
    environment,
    { commit: commitOf(1), logEntries: 1 },
    signal,
  );
  await harness.stop();
  const used = aws.log
    .filter(each => each.accessKeyId === portalKey.accessKeyId)
    .map(each => `${each.service}:${each.operation}`);
  return [...new Set(used)].sort();
}

describe('docs/aws', () => {
  it('allows what the target does, and nothing else', async () => {
    const allowed = await actionsOf('policy.json');

    const used = await usedActions();

    expect(used).toEqual(allowed.filter(action => action !== 'iam:PassRole'));
  });

  it.each(['trust-policy.json', 'portal-policy.json'])(
    'lets the portal take on the role by %s',
    async file => {
      expect(await actionsOf(file)).toEqual(['sts:AssumeRole']);
    },
  );
});
