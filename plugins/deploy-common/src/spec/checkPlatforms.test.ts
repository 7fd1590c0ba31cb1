import { scheduleProblem } from './checkSchedules';
import { findingsOf } from './testing';

interface Parts {
  pipeline?: string;
  app?: string;
  environment?: string;
  tests?: string;
  machine?: string;
  group?: string;
  virtual?: string;
  container?: string;
}

function found({
  pipeline = '',
  app = 'vvp-shop',
  environment = '',
  tests = '',
  machine = 'release: { directory: /opt/shop, unit: shop.service }',
  group = 'Shop',
  virtual = 'pbx',
  container = 'shop',
}: Parts): string {
  return findingsOf(`apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: shop }
spec:
  pipeline: { ${pipeline} }
  environments: [{ name: production, tier: production }]
  tests: { ${tests} }
  services:
    shop:
      environments:
        production:
          target: { type: azure-container-app, resourceGroup: Shop, name: ${app}, container: ${JSON.stringify(
    container,
  )} }
          deploy: { environment: { ${environment} } }
    pbx:
      environments:
        production: { target: { type: azure-vm, resourceGroup: ${JSON.stringify(
          group,
        )}, name: ${JSON.stringify(virtual)}, ${machine} } }
`).join('\n');
}

const tests = (more: string) =>
  `t: { language: none, commands: [make], workflow: t.yml, ${more} }`;

describe('what a platform would refuse once a workflow runs', () => {
  it('is not there', () => {
    expect(
      found({
        pipeline:
          'portal: https://portal.example.test/api, cleanup: { days: 30, schedule: "0 3 * * SUN" }',
        app: `a${'-b'.repeat(15)}c`,
        environment: 'TOKEN_A: { secret: A }, TOKEN_B: { secret: B }, _X: text',
        tests: tests(
          'schedule: "*/15 6-18/2 29 2 *", reports: { test: r.xml }, results: { url: https://x.example.test, key: K }',
        ),
      }),
    ).toBe('');
  });

  it.each<[Parts, string]>([
    [{ app: 'a' }, '"a" is no name of a Container App'],
    [{ app: 'Shop' }, 'is no name of a Container App'],
    [{ app: 'shop-' }, 'is no name of a Container App'],
    [{ app: 'shop--x' }, 'is no name of a Container App'],
    [{ app: '1shop' }, 'is no name of a Container App'],
    [{ app: 'a'.repeat(33) }, 'is no name of a Container App'],
    [
      { environment: 'TOKEN: { secret: A }, Token: { secret: B }' },
      '"TOKEN" and "Token" would become one secret of the app, "token"',
    ],
    [{ environment: '_X: { secret: A }' }, 'Azure takes no secret "-x"'],
    [{ environment: 'X_: { secret: A }' }, 'Azure takes no secret "x-"'],
    [
      { pipeline: 'portal: https://me:secret@portal.example.test' },
      'the address holds a user or password',
    ],
    [
      { tests: tests('results: { url: https://me@x.example.test, key: K }') },
      'the address holds a user or password',
    ],
    [
      { tests: tests('waitFor: [https://me@x.example.test]') },
      'the address holds a user or password',
    ],
    [
      { tests: tests('schedule: "99 99 * * *"') },
      'never runs: GitHub takes 0 to 59 as the minute',
    ],
    [
      { pipeline: 'cleanup: { days: 30, schedule: "0 0 30 2 *" }' },
      'never runs: there is no such day in these months',
    ],
    [
      { tests: tests('').replace('t.yml', 'Deploy.yml') },
      'the workflows deploy.yml and Deploy.yml differ in upper and lower case only',
    ],
    [
      {
        pipeline: 'cleanup: { days: 30 }, workflow: Cleanup.yml',
      },
      'the workflows cleanup.yml and Cleanup.yml differ',
    ],
    [
      { machine: 'release: { directory: /opt/../etc, unit: shop.service }' },
      'the path "/opt/../etc" has a segment "." or ".."',
    ],
    [
      {
        machine:
          'release: { directory: /opt/shop, unit: shop.service, environmentFile: /opt/./shop.env }',
      },
      'the path "/opt/./shop.env" has a segment',
    ],
  ])('is found: %j', (parts, message) => {
    expect(found(parts)).toContain(message);
  });
});

describe('a schedule', () => {
  it.each([
    '* * * * *',
    '0 2 * * 1',
    '0,30 1-5 * JAN-MAR mon,FRI',
    '5/20 * 31 1,2 *',
    '0 0 30 2 1',
  ])('runs at some time: %s', schedule => {
    expect(scheduleProblem(schedule)).toBeUndefined();
  });

  it.each([
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 7',
    '* * * * FOO',
    '*/0 * * * *',
    '5-1 * * * *',
    '1,,2 * * * *',
    '* * * *',
    '* * * * * *',
    '0 0 31 4,6 *',
  ])('never runs: %s', schedule => {
    expect(scheduleProblem(schedule)).toBeDefined();
  });
});

describe('names at Azure', () => {
  it.each<Parts>([
    { group: 'shop(eu)' },
    { group: '(shop)_-' },
    { group: 'Läden-01' },
    { group: 'g'.repeat(90) },
    { virtual: 'pbx.eu_1' },
    { virtual: 'p' },
    { container: 'shop-1' },
    { pipeline: 'storage: { account: shop01, container: a-b }' },
    { pipeline: 'storage: { account: { secret: ACCOUNT }, container: abc }' },
  ])('are as Azure has them: %p', parts => {
    expect(found(parts)).toBe('');
  });

  it.each<[Parts, string]>([
    [{ group: 'shop.' }, '"resourceGroup" does not have the right form'],
    [{ group: '-shop' }, '"resourceGroup" does not have the right form'],
    [{ group: 'a b' }, '"resourceGroup" does not have the right form'],
    [{ group: '$(id)' }, '"resourceGroup" does not have the right form'],
    [{ group: 'shop\n' }, '"resourceGroup" does not have the right form'],
    [{ group: 'g'.repeat(91) }, '"resourceGroup" must NOT have more than 90'],
    [{ virtual: 'pbx-' }, '"name" does not have the right form'],
    [{ virtual: 'pbx.' }, '"name" does not have the right form'],
    [{ virtual: '_pbx' }, '"name" does not have the right form'],
    [{ virtual: 'pbx`id`' }, '"name" does not have the right form'],
    [{ app: 'shop_1' }, '"name" does not have the right form'],
    [{ container: 'a\u001bb' }, '"container" does not have the right form'],
    [
      { pipeline: 'storage: { account: Shop, container: abc }' },
      '"account" does not have the right form. Expected: Storage account: 3 to 24',
    ],
    [
      { pipeline: 'storage: { account: ab, container: abc }' },
      '"account" must NOT have fewer than 3',
    ],
    [
      { pipeline: 'storage: { account: abc, container: a--b }' },
      '"container" does not have the right form',
    ],
    [
      { pipeline: 'storage: { account: abc, container: ab }' },
      '"container" must NOT have fewer than 3',
    ],
  ])('are no others: %p', (parts, message) => {
    expect(found(parts)).toContain(message);
  });
});
