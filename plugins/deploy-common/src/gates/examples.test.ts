import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { gatesOf, PipelineSpec, readGateSettings } from '../spec';
import { specOf } from '../spec/testing';
import { judgeGate } from './judgeGate';
import { summariseGates } from './summariseGates';
import { commit, factsOf, hoursAgo, ReportDocument, reportOf } from './testing';
import { GateFacts, GateRule } from './types';

/** A report, or where the release was deployed. */
type Given = ReportDocument | { deployed: string };

interface GateCase {
  service: string;
  environment: string;
  gate: string;
  history?: number[];
  pass: Given[];
  fail: Given[];
  /** What the second is, `fail` unless said otherwise. */
  state?: 'pending';
  reason: string;
}

const root = join(__dirname, '../../../../examples');
const pipelines = readdirSync(root).filter(name =>
  existsSync(join(root, name, 'deploy.yaml')),
);

function specFor(pipeline: string): PipelineSpec {
  return specOf(readFileSync(join(root, pipeline, 'deploy.yaml'), 'utf8'));
}

function casesOf(pipeline: string): GateCase[] {
  return parse(readFileSync(join(root, pipeline, 'gate-cases.yaml'), 'utf8'));
}

const cases = pipelines.flatMap(pipeline =>
  casesOf(pipeline).map(each => ({ pipeline, ...each })),
);

function ruleFor(each: GateCase & { pipeline: string }): GateRule {
  const { pipeline, service, environment, gate } = each;
  const rules = gatesOf(specFor(pipeline), service, environment);
  const rule = rules.find(({ name }) => name === gate);
  if (!rule) {
    throw new Error(`${pipeline} has no gate ${gate}`);
  }
  return rule;
}

function factsFor(each: GateCase, given: readonly Given[]): GateFacts {
  return factsOf({
    environment: each.environment,
    history: each.history ?? [],
    evidence: given.flatMap(one => ('deployed' in one ? [] : [reportOf(one)])),
    deployed: Object.fromEntries(
      given.flatMap(one =>
        'deployed' in one ? [[one.deployed, { since: hoursAgo(1) }]] : [],
      ),
    ),
  });
}

describe('the gates of the documentation', () => {
  const page = readFileSync(join(root, '../docs/gates.md'), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(match =>
    parse(match[1]),
  );

  it.each([
    [0, blocks[0].gates],
    [1, blocks[1].deploy.gates[0].gates],
    [2, blocks[1].deploy.gates[1].gates],
  ])('are valid: %p', (_, gates) => {
    expect(readGateSettings(gates)).toMatchObject({ ok: true });
  });
});

describe('the gates of the examples', () => {
  it.each(cases)('$pipeline: $gate of $service lets it pass', each => {
    const result = judgeGate(ruleFor(each), factsFor(each, each.pass));

    expect(result).toMatchObject({ name: each.gate, state: 'pass' });
  });

  it.each(cases)('$pipeline: $gate of $service stops it', each => {
    const result = judgeGate(ruleFor(each), factsFor(each, each.fail));

    expect(result).toMatchObject({
      name: each.gate,
      state: each.state ?? 'fail',
      reason: each.reason,
    });
  });

  it.each(cases)('$pipeline: $gate of $service misses a report', each => {
    const result = judgeGate(ruleFor(each), factsFor(each, []));

    expect(result.state).toBe(each.state ?? 'fail');
  });

  it.each(pipelines)('of %s have a case for every rule', pipeline => {
    const spec = specFor(pipeline);
    const covered = new Set(
      cases
        .filter(each => each.pipeline === pipeline)
        .map(each => JSON.stringify(ruleFor(each))),
    );
    const missing = spec.services.flatMap(({ key, environments }) =>
      environments.flatMap(({ name }) =>
        gatesOf(spec, key, name)
          .filter(rule => !covered.has(JSON.stringify(rule)))
          .map(rule => `${key}, ${name}: ${rule.name}`),
      ),
    );

    expect(missing).toEqual([]);
  });

  it.each(['sip-redirect', 'sip-verify', 'witness-wan', 'pbx-config'])(
    'of vvp ask nothing of %s, which is said',
    service => {
      const rules = gatesOf(specFor('vvp'), service, 'production');
      const summary = summariseGates(
        { commit },
        rules.map(rule => ({ id: rule.name, ...judgeGate(rule, factsOf()) })),
      );

      expect(rules).toEqual([]);
      expect(summary).toEqual({
        release: { commit },
        state: 'none',
        results: [],
      });
    },
  );

  it('stop a report without the tests, the scan or the lines it is about', () => {
    const empty: Given[] = [
      { suite: 'unit', test: {} },
      { suite: 'unit', coverage: { lines: [0, 0] } },
    ];
    const failures = ruleFor({
      ...cases.find(({ gate }) => gate === 'unit-failures')!,
    });
    const coverage = ruleFor({
      ...cases.find(
        ({ pipeline, gate }) =>
          pipeline === 'ngx-voice' && gate === 'unit-coverage',
      )!,
    });
    const facts = factsFor(cases[0], empty);

    expect(judgeGate(failures, facts)).toMatchObject({
      state: 'fail',
      reason: 'Not one test ran, so that nothing is proved.',
    });
    expect(judgeGate(coverage, facts)).toMatchObject({
      state: 'fail',
      reason:
        'The coverage report lists not one line, so that there is nothing to judge. Look at what is measured.',
    });
  });
});
