import { Template } from '@azure/arm-appcontainers';
import { mainContainer, releaseOf, repositoryOf } from './container';
import { ContainerAppSpec } from './types';

const SHA = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

const spec: ContainerAppSpec = {
  type: 'azure-container-app',
  resourceGroup: 'VVP',
  name: 'vvp-issuer',
};

function templateWith(image: string, gitSha?: string): Template {
  return {
    containers: [
      {
        name: 'vvp-issuer',
        image,
        env: gitSha === undefined ? [] : [{ name: 'GIT_SHA', value: gitSha }],
      },
    ],
  };
}

describe('releaseOf', () => {
  it.each([
    [
      'the variable',
      templateWith('r.example.test/i:1.2', SHA),
      { commit: SHA, version: '1.2' },
    ],
    [
      'the variable before the tag',
      templateWith(`r.example.test/i:${OTHER}`, SHA),
      { commit: SHA },
    ],
    ['the tag', templateWith(`r.example.test/i:${SHA}`), { commit: SHA }],
    [
      'the tag beside a digest',
      templateWith(`r.example.test/i:${SHA}@sha256:00`),
      { commit: SHA },
    ],
    [
      'the tag where the variable is no commit',
      templateWith(`r.example.test/i:${SHA}`, 'unknown'),
      { commit: SHA },
    ],
    ['no commit in a port', templateWith('r.example.test:5000/i'), {}],
    ['no version in latest', templateWith('r.example.test/i:latest'), {}],
  ])('reads %s', (_, template, expected) => {
    expect(releaseOf(template, spec)).toEqual({
      ...expected,
      artifact: template.containers?.[0].image,
    });
  });

  it('knows nothing of an empty template', () => {
    expect(releaseOf(undefined, spec)).toEqual({});
  });
});

describe('mainContainer', () => {
  const containers = [
    { name: 'proxy', image: 'r.example.test/proxy:1' },
    { name: 'vvp-issuer', image: 'r.example.test/issuer:1' },
    { name: 'agent', image: 'r.example.test/agent:1' },
  ];

  it.each([
    ['as the spec names it', { container: 'agent' }, 'agent'],
    ['by its image', { image: 'r.example.test/proxy' }, 'proxy'],
    ['of the name of the app', {}, 'vvp-issuer'],
    ['that comes first', { name: 'another' }, 'proxy'],
  ])('finds the one %s', (_, fields, expected) => {
    expect(mainContainer({ containers }, { ...spec, ...fields })?.name).toBe(
      expected,
    );
  });
});

describe('repositoryOf', () => {
  it.each([
    [
      'r.example.test:5000/vvp/issuer:1.2@sha256:00',
      'r.example.test:5000/vvp/issuer',
    ],
    ['r.example.test:5000/issuer', 'r.example.test:5000/issuer'],
    ['issuer:1', 'issuer'],
  ])('of %s is %s', (image, repository) => {
    expect(repositoryOf(image)).toBe(repository);
  });
});
