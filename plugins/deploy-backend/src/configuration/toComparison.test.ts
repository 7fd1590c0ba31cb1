import {
  formatSpecFindings,
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { CommitChange } from '../changes/types';
import { ComparisonFacts, SpecReading, toComparison } from './toComparison';

const from = 'a'.repeat(40);
const to = 'b'.repeat(40);

const place = {
  entityRef: 'component:default/vvp-pbx',
  environment: 'production',
};

function specOf(text: string): PipelineSpec {
  const result = parsePipelineSpec(text);
  if (!result.ok) {
    throw new Error(formatSpecFindings(result.findings, 'deploy.yaml'));
  }
  return result.spec;
}

function valid(
  text = '',
  { service = 'pbx', environment = 'production' } = {},
): SpecReading {
  const spec = specOf(`apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  environments: [{ name: ${environment}, tier: production }]
  services:
    ${service}:
      entity: component:default/vvp-${service}
      environments:
        ${environment}:
          target:
            type: azure-vm
            resourceGroup: VVP
            name: pbx
            configFile: { source: pbx/public.xml, path: /etc/public.xml, backupDirectory: /etc/backup }
          ${text}
`);
  return { state: 'valid', spec };
}

const changed = (...paths: string[]): CommitChange => ({
  state: 'known',
  files: paths.map(path => ({ path, addedLines: [] })),
});

const compare = (
  before: SpecReading | undefined,
  after: SpecReading,
  changes?: ComparisonFacts['changes'],
) =>
  toComparison({
    place,
    ...(before && { before: { commit: from, reading: before } }),
    after: { commit: to, reading: after },
    ...(changes && { changes }),
  });

const missing: SpecReading = { state: 'missing' };
const invalid: SpecReading = { state: 'invalid' };
const unread: SpecReading = { state: 'unread', message: 'GitHub is out.' };
const withUrl = valid('url: https://pbx.example.test');
const file = { name: 'file pbx/public.xml', change: 'changed' };

describe('toComparison', () => {
  it('tells settings, then files, and nothing of other files', () => {
    expect(
      compare(valid(), withUrl, [changed('pbx/public.xml', 'README.md')]),
    ).toEqual({
      from,
      to,
      state: 'known',
      differences: [{ name: 'url', change: 'added' }, file],
    });
  });

  it('tells that there is no difference', () => {
    expect(compare(withUrl, withUrl, [changed('README.md')])).toEqual({
      from,
      to,
      state: 'known',
      differences: [],
    });
  });

  it('tells all of a first release', () => {
    const compared = compare(undefined, withUrl);

    expect(compared).toMatchObject({ to, state: 'known' });
    expect(compared).not.toHaveProperty('from');
    expect(compared.differences).toContainEqual({
      name: 'url',
      change: 'added',
    });
  });

  it('does not say that nothing runs where something was only recorded', () => {
    expect(
      toComparison({
        place,
        recorded: true,
        after: { commit: to, reading: withUrl },
      }),
    ).toEqual({
      to,
      state: 'unknown',
      differences: [],
      message: expect.stringMatching(/^What runs there is known only from/),
    });
  });

  it.each<[string, SpecReading, SpecReading, 'added' | 'removed', RegExp]>([
    [
      'a service that was not there',
      valid('', { service: 'other' }),
      valid(),
      'added',
      /^At aaaaaaa deploy\.yaml did not describe this service in production yet/,
    ],
    [
      'an environment that was not there',
      valid('', { environment: 'staging' }),
      valid(),
      'added',
      /^At aaaaaaa /,
    ],
    [
      'a service that is gone',
      valid(),
      valid('', { service: 'other' }),
      'removed',
      /^At bbbbbbb deploy\.yaml does not describe this service in production\.$/,
    ],
  ])('tells all of %s', (_case, before, after, change, message) => {
    const compared = compare(before, after, [changed()]);

    expect(compared.state).toBe('known');
    expect(compared.message).toMatch(message);
    expect(new Set(compared.differences.map(each => each.change))).toEqual(
      new Set([change]),
    );
  });

  it.each<[string, SpecReading | undefined, SpecReading, RegExp]>([
    ['no deploy.yaml', missing, missing, /^There is no deploy\.yaml that says/],
    [
      'none of a first release',
      undefined,
      missing,
      /^There is no deploy\.yaml/,
    ],
    [
      'two that are not valid',
      invalid,
      invalid,
      /aaaaaaa.*bbbbbbb is not valid/,
    ],
    ['GitHub out of reach', unread, unread, /^GitHub is out\.$/],
    [
      'a service that no deploy.yaml describes',
      valid('', { service: 'other' }),
      valid('', { service: 'other' }),
      /does not describe this service in production\.$/,
    ],
  ])('knows nothing by %s', (_case, before, after, message) => {
    expect(compare(before, after)).toEqual({
      ...(before && { from }),
      to,
      state: 'unknown',
      differences: [],
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, SpecReading, SpecReading, CommitChange[], RegExp]>([
    [
      'before',
      missing,
      valid(),
      [changed('pbx/public.xml')],
      /no deploy.yaml at aaaaaaa/,
    ],
    [
      'after',
      valid(),
      invalid,
      [changed('pbx/public.xml')],
      /bbbbbbb is not valid/,
    ],
    [
      'of one that was not read',
      unread,
      valid(),
      [changed('pbx/public.xml')],
      /GitHub is out/,
    ],
    [
      'of a change too large',
      valid(),
      valid(),
      [{ state: 'partial', files: [{ path: 'pbx/public.xml' }] }],
      /does not tell all files/,
    ],
    [
      'of a part of the history',
      valid(),
      valid(),
      [changed('pbx/public.xml'), { state: 'unknown' }],
      /does not tell all files/,
    ],
  ])(
    'tells what is known where something is not: %s',
    (_case, before, after, changes, message) => {
      expect(compare(before, after, changes)).toEqual({
        from,
        to,
        state: 'partial',
        differences: [file],
        message: expect.stringMatching(message),
      });
    },
  );

  it('says so where files are named and nobody could tell whether they changed', () => {
    expect(compare(valid(), withUrl)).toMatchObject({
      state: 'partial',
      differences: [{ name: 'url', change: 'added' }],
      message: 'GitHub does not tell all files that changed.',
    });
  });

  it('tells a file that was moved away', () => {
    const moved: CommitChange = {
      state: 'known',
      files: [
        { path: 'old.xml', previousPath: 'pbx/public.xml', addedLines: [] },
      ],
    };

    expect(compare(valid(), valid(), [moved]).differences).toEqual([file]);
  });

  it('names 200 at the most, and says that there are more', () => {
    const workload: SpecReading = {
      state: 'valid',
      spec: specOf(`apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  environments:
    - name: production
      tier: production
      deploy: { kubernetes: { kubeconfig: { secret: KUBE }, manifests: [k8s] } }
  services:
    pbx:
      image: { dockerfile: Dockerfile, repository: ghcr.io/example-org/pbx }
      environments:
        production: { target: { type: kubernetes, namespace: a, name: b } }
`),
    };
    const paths = Array.from({ length: 203 }, (_, index) => `k8s/${index}.yml`);

    const compared = compare(workload, workload, [changed(...paths)]);

    expect(compared).toMatchObject({
      state: 'partial',
      message: 'There are 3 more.',
    });
    expect(compared.differences).toHaveLength(200);
  });
});
