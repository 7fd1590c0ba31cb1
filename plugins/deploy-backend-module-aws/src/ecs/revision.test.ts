import { ContainerDefinition, Tag } from '@aws-sdk/client-ecs';
import { revisionOf } from './revision';

const sha = 'a'.repeat(40);

function describe1(container: ContainerDefinition, tags: Tag[] = []) {
  return {
    taskDefinition: {
      taskDefinitionArn:
        'arn:aws:ecs:eu-central-1:111122223333:task-definition/api:7',
      status: 'ACTIVE' as const,
      registeredAt: new Date('2026-01-05T09:00:00Z'),
      containerDefinitions: [container],
    },
    tags,
  };
}

describe('revisionOf', () => {
  it.each<[string, ContainerDefinition, Tag[]]>([
    ['the tag of the image', { image: `r.example.test:5000/api:${sha}` }, []],
    ['a tag with a prefix', { image: `api:sha-${sha}` }, []],
    [
      'the tag beside a digest',
      { image: `api:${sha}@sha256:${'b'.repeat(64)}` },
      [],
    ],
    ['a tag of the task definition', {}, [{ key: 'commit', value: sha }]],
    ['a variable', { environment: [{ name: 'GIT_SHA', value: sha }] }, []],
    [
      'a label',
      { dockerLabels: { 'org.opencontainers.image.revision': sha } },
      [],
    ],
    ['upper case', { image: `api:${sha.toUpperCase()}` }, []],
  ])('finds the commit in %s', (_, container, tags) => {
    const revision = revisionOf(describe1(container, tags), {});

    expect(revision).toMatchObject({ id: 'api:7', commit: sha });
  });

  it.each([
    ['a short one', { image: 'api:abcdef1' }],
    ['a digest', { image: `api@sha256:${'a'.repeat(64)}` }],
    ['a port', { image: 'r.example.test:5000/api' }],
    [
      'a variable of another name',
      { environment: [{ name: 'API_KEY', value: sha }] },
    ],
  ])('does not take %s for a commit', (_, container) => {
    expect(revisionOf(describe1(container), {})?.commit).toBeUndefined();
  });

  it.each([
    [{ image: 'api:v1.2.3' }, 'v1.2.3'],
    [{ image: 'api:1.2.3-rc.1' }, '1.2.3-rc.1'],
    [
      { dockerLabels: { 'org.opencontainers.image.version': '2.0.0' } },
      '2.0.0',
    ],
    [{ image: 'api:latest' }, undefined],
  ])('reads the version of %j as %s', (container, version) => {
    expect(revisionOf(describe1(container), {})?.version).toBe(version);
  });

  it('looks at the container that is named', () => {
    const described = describe1({ name: 'proxy', image: 'proxy:1.0' });
    described.taskDefinition.containerDefinitions.push({
      name: 'api',
      image: `api:${sha}`,
    });

    const revision = revisionOf(described, { container: 'api' });

    expect(revision).toMatchObject({ commit: sha, artifact: `api:${sha}` });
  });

  it('is current if it serves', () => {
    const described = describe1({});

    expect(revisionOf(described, { serving: 'api:7' })?.current).toBe(true);
    expect(revisionOf(described, { serving: 'api:8' })?.current).toBe(false);
  });

  it.each(['INACTIVE', 'DELETE_IN_PROGRESS'] as const)(
    'cannot be put back if it is %s',
    status => {
      const described = describe1({});

      const revision = revisionOf(
        {
          ...described,
          taskDefinition: { ...described.taskDefinition, status },
        },
        {},
      );

      expect(revision?.unavailable).toMatch(/task definition/);
    },
  );

  it('cannot be put back before a pipeline found it good, and may serve meanwhile', () => {
    const described = describe1({}, [
      { key: 'deploy-unverified', value: 'true' },
    ]);

    expect(revisionOf(described, {})?.unavailable).toContain(
      'never found good',
    );
    expect(
      revisionOf(described, { serving: 'api:7' })?.unavailable,
    ).toBeUndefined();
  });

  it('is none without an ARN', () => {
    expect(revisionOf({ taskDefinition: {}, tags: [] }, {})).toBeUndefined();
  });
});
