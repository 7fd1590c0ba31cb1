import { TaskDefinition } from '@aws-sdk/client-ecs';
import { compareConfiguration } from './configuration';

const from: TaskDefinition = {
  cpu: '256',
  memory: '512',
  containerDefinitions: [
    {
      name: 'api',
      image: 'api:2',
      environment: [
        { name: 'SAME', value: 'secret-1' },
        { name: 'GONE', value: 'secret-2' },
        { name: 'OTHER', value: 'secret-3' },
      ],
      secrets: [{ name: 'KEY', valueFrom: 'arn:secret-4' }],
      portMappings: [{ containerPort: 8000, protocol: 'tcp' }],
    },
  ],
};
const to: TaskDefinition = {
  cpu: '512',
  memory: '512',
  containerDefinitions: [
    {
      name: 'api',
      image: 'api:1',
      environment: [
        { name: 'SAME', value: 'secret-1' },
        { name: 'OTHER', value: 'secret-5' },
        { name: 'NEW', value: 'secret-6' },
      ],
      secrets: [{ name: 'KEY', valueFrom: 'arn:secret-7' }],
      portMappings: [{ protocol: 'tcp', containerPort: 8000 }],
    },
    {
      name: 'proxy',
      image: 'proxy:1',
      environment: [{ name: 'A', value: 'b' }],
    },
  ],
};

describe('compareConfiguration', () => {
  it('names what differs', () => {
    expect(compareConfiguration(from, to)).toEqual([
      { name: 'container proxy', change: 'added' },
      { name: 'cpu', change: 'changed' },
      { name: 'env GONE', change: 'removed' },
      { name: 'env NEW', change: 'added' },
      { name: 'env OTHER', change: 'changed' },
      { name: 'proxy: env A', change: 'added' },
      { name: 'proxy: image', change: 'added' },
      { name: 'secret reference KEY', change: 'changed' },
    ]);
  });

  it('tells no value', () => {
    expect(JSON.stringify(compareConfiguration(from, to))).not.toMatch(
      /secret-\d/,
    );
  });

  it('finds nothing between equal ones', () => {
    expect(compareConfiguration(from, from)).toEqual([]);
  });
});
