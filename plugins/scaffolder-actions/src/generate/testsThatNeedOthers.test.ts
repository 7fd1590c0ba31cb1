import { parse } from 'yaml';
import { generate, SHOP } from './__testUtils__/generating';
import { Workflow } from './model';

/** The conditions of the jobs of `ci.yml`. */
function conditionsOf(tests: Record<string, string>): Record<string, unknown> {
  const lines = Object.entries(tests).map(
    ([key, more]) =>
      `    ${key}: { workflow: ci.yml, language: none, commands: ['true'], ${more} }`,
  );
  const file = generate(
    SHOP.replace('  services:', `  tests:\n${lines.join('\n')}\n  services:`),
  ).find(({ path }) => path.endsWith('/ci.yml'));
  const { jobs } = parse(file?.content ?? '') as Workflow;
  return Object.fromEntries(
    Object.entries(jobs).map(([key, job]) => [key, job.if ?? 'always']),
  );
}

const PUSH = "github.event_name == 'push'";
const PULL_REQUEST = "github.event_name == 'pull_request'";
const SCHEDULE = "github.event_name == 'schedule'";
const BY_HAND = "github.event_name == 'workflow_dispatch'";

describe('tests that others need', () => {
  it('run for all that starts those', () => {
    expect(
      conditionsOf({
        a: 'on: [push]',
        b: 'needs: a, on: [pull-request]',
        c: "needs: a, schedule: '0 1 * * *'",
        d: 'on: [push]',
      }),
    ).toEqual({
      a: 'always',
      b: `${PULL_REQUEST} || ${BY_HAND}`,
      c: `${SCHEDULE} || ${BY_HAND}`,
      d: `${PUSH} || ${BY_HAND}`,
    });
  });

  it('run for all that starts those, however far', () => {
    expect(
      conditionsOf({
        a: "schedule: '0 1 * * *', mode: x",
        b: 'needs: a, mode: y',
        c: 'needs: b, mode: z, on: [pull-request]',
        d: 'pushPaths: [d/**], mode: v',
      }),
    ).toEqual({
      a: `${SCHEDULE} || ${PULL_REQUEST} || inputs.mode == 'x' || inputs.mode == 'y' || inputs.mode == 'z'`,
      b: `${PULL_REQUEST} || inputs.mode == 'y' || inputs.mode == 'z'`,
      c: `${PULL_REQUEST} || inputs.mode == 'z'`,
      d: `${PUSH} || inputs.mode == 'v'`,
    });
  });

  it('run whatever is chosen by hand, if those do', () => {
    expect(
      conditionsOf({
        a: 'pushPaths: [a/**], mode: x',
        b: 'needs: a, on: [pull-request]',
      }),
    ).toEqual({
      a: `${PUSH} || ${PULL_REQUEST} || ${BY_HAND}`,
      b: `${PULL_REQUEST} || ${BY_HAND}`,
    });
  });
});
