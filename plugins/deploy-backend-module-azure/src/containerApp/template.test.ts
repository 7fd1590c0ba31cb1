import { Template } from '@azure/arm-appcontainers';
import {
  compareTemplates,
  runsTheSame,
  secretReferences,
  templateToRestore,
} from './template';

const template: Template = {
  revisionSuffix: 'r1',
  containers: [
    {
      name: 'issuer',
      image: 'r.example.test/issuer:1',
      env: [
        { name: 'GIT_SHA', value: 'a' },
        { name: 'HOST', value: 'one' },
        { name: 'KEY', secretRef: 'key' },
      ],
      resources: { cpu: 0.5, memory: '1Gi' },
    },
  ],
  scale: { minReplicas: 1, maxReplicas: 3 },
};

function changed(env: Template['containers'] | object): Template {
  return {
    ...template,
    containers: [{ ...template.containers![0], ...env }],
  };
}

describe('compareTemplates', () => {
  it.each([
    ['nothing', template, []],
    [
      'nothing but the commit',
      changed({
        env: [
          { name: 'GIT_SHA', value: 'b' },
          ...template.containers![0].env!.slice(1),
        ],
      }),
      [],
    ],
    [
      'variables',
      changed({
        env: [
          { name: 'HOST', value: 'two' },
          { name: 'NEW', value: 'x' },
        ],
      }),
      [
        { name: 'env HOST', change: 'changed' },
        { name: 'env KEY', change: 'removed' },
        { name: 'env NEW', change: 'added' },
        { name: 'secret reference key', change: 'removed' },
      ],
    ],
    [
      'resources',
      changed({ resources: { cpu: 1, memory: '1Gi' } }),
      [{ name: 'cpu', change: 'changed' }],
    ],
    [
      'arguments',
      changed({ args: ['--debug'] }),
      [{ name: 'arguments', change: 'added' }],
    ],
    [
      'scale',
      { ...template, scale: { minReplicas: 2, maxReplicas: 3 } },
      [{ name: 'minReplicas', change: 'changed' }],
    ],
    [
      'a container beside it',
      { ...template, containers: [...template.containers!, { name: 'agent' }] },
      expect.arrayContaining([
        { name: 'container agent', change: 'added' },
        { name: 'issuer: env HOST', change: 'added' },
      ]),
    ],
  ])('names %s', (_, to: Template, expected) => {
    expect(compareTemplates(template, to, true)).toEqual(expected);
  });

  it('leaves out a scale that does not come back', () => {
    const to = { ...template, scale: { minReplicas: 2 } };

    expect(compareTemplates(template, to, false)).toEqual([]);
  });

  it('tells no value', () => {
    const to = changed({ env: [{ name: 'HOST', value: 'hidden' }] });

    expect(JSON.stringify(compareTemplates(template, to, true))).not.toMatch(
      /hidden|one/,
    );
  });
});

describe('runsTheSame', () => {
  it.each([
    [
      true,
      'suffix and scale',
      { ...template, revisionSuffix: 'r2', scale: {} },
    ],
    [true, 'empty lists', { ...template, volumes: [], initContainers: [] }],
    [false, 'the image', changed({ image: 'r.example.test/issuer:2' })],
    [false, 'a variable', changed({ env: [{ name: 'HOST', value: 'two' }] })],
  ])('is %s if they differ in %s', (expected, _, other) => {
    expect(runsTheSame(template, other)).toBe(expected);
  });

  it('is not so where one is not known', () => {
    expect(runsTheSame(undefined, undefined)).toBe(false);
  });
});

describe('templateToRestore', () => {
  it('keeps the present scale, and empties lists that the old one did not have', () => {
    const restored = templateToRestore(
      template,
      { scale: { maxReplicas: 9 }, volumes: [{ name: 'data' }] },
      'r7',
    );

    expect(restored).toEqual({
      revisionSuffix: 'r7',
      containers: template.containers,
      initContainers: [],
      volumes: [],
      serviceBinds: [],
      scale: { maxReplicas: 9 },
    });
  });
});

describe('secretReferences', () => {
  it('finds them wherever a template may have them', () => {
    expect(
      secretReferences({
        containers: [{ env: [{ name: 'A', secretRef: 'a' }] }],
        initContainers: [{ env: [{ name: 'A', secretRef: 'a' }] }],
        volumes: [{ name: 'v', secrets: [{ secretRef: 'b' }] }],
        scale: {
          rules: [{ name: 's', custom: { auth: [{ secretRef: 'c' }] } }],
        },
      }),
    ).toEqual(['a', 'b', 'c']);
  });
});
