import { formatLabelSelector } from './labelSelector';
import { releaseOf } from './releaseOf';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const HOST = 'registry.example.test:5000/api';

describe('releaseOf', () => {
  it.each<[string, object, Record<string, string>, object]>([
    [
      'a tag that is a commit',
      {},
      { image: `${HOST}:${SHA}` },
      { commit: SHA, version: undefined },
    ],
    [
      'a tag with a prefix',
      {},
      { image: `${HOST}:sha-${SHA}` },
      { commit: SHA, version: undefined },
    ],
    [
      'a version',
      {},
      { image: `${HOST}:v1.2.3` },
      { commit: undefined, version: 'v1.2.3' },
    ],
    [
      'a port and no tag',
      {},
      { image: HOST },
      { commit: undefined, version: undefined },
    ],
    [
      'a tag beside a digest',
      {},
      { image: `${HOST}:v1@sha256:${SHA}` },
      { version: 'v1' },
    ],
    [
      'a short commit',
      {},
      { image: `${HOST}:0123456` },
      { commit: undefined, version: '0123456' },
    ],
    [
      'a label',
      { 'app.kubernetes.io/version': '7' },
      { image: `${HOST}:${SHA}` },
      { commit: SHA, version: '7' },
    ],
    [
      'an annotation before all else',
      { 'deploy.vvp.io/commit': SHA },
      { image: `${HOST}:v1` },
      { commit: SHA, version: 'v1' },
    ],
    [
      'something that is no commit',
      { 'deploy.vvp.io/commit': 'main' },
      { image: `${HOST}:v1` },
      { commit: undefined },
    ],
  ])('reads %s', (_, annotations, container, expected) => {
    const revision = {
      labels: {},
      annotations: {},
      template: {
        metadata: { annotations: annotations as Record<string, string> },
        spec: { containers: [container] },
      },
    };

    expect(releaseOf(revision)).toMatchObject(expected);
  });

  it('looks at the container that is named', () => {
    const template = {
      spec: {
        containers: [
          { name: 'proxy', image: 'p:1' },
          { name: 'app', image: 'a:2' },
        ],
      },
    };

    expect(
      releaseOf({ template, labels: {}, annotations: {} }, 'app').artifact,
    ).toBe('a:2');
  });
});

describe('formatLabelSelector', () => {
  it.each([
    [{ matchLabels: { a: 'b', c: 'd' } }, 'a=b,c=d'],
    [
      { matchExpressions: [{ key: 'a', operator: 'In', values: ['x', 'y'] }] },
      'a in (x,y)',
    ],
    [
      {
        matchExpressions: [
          { key: 'a', operator: 'NotIn', values: ['x'] },
          { key: 'b', operator: 'Exists' },
          { key: 'c', operator: 'DoesNotExist' },
        ],
      },
      'a notin (x),b,!c',
    ],
    [{}, undefined],
    [undefined, undefined],
    [
      {
        matchLabels: { a: 'b' },
        matchExpressions: [{ key: 'a', operator: 'Near' }],
      },
      undefined,
    ],
  ])('%j', (selector, expected) => {
    expect(formatLabelSelector(selector)).toBe(expected);
  });
});
