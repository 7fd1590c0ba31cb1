import { consoleUrlOf } from './consoleUrl';
import { accountOf, parseTaskDefinition, taskDefinitionOf } from './names';

describe('names of ECS', () => {
  it('reads a revision of a family', () => {
    expect(parseTaskDefinition('broker-api:12')).toEqual({
      family: 'broker-api',
      revision: 12,
    });
  });

  it.each(['', 'api', 'api:0', 'api:-1', 'a/b:1', 'api:1:2', 'a b:1', 'api:x'])(
    'takes "%s" for no revision',
    text => {
      expect(parseTaskDefinition(text)).toBeUndefined();
    },
  );

  it('shortens ARNs', () => {
    const arn = 'arn:aws:ecs:eu-central-1:111122223333:task-definition/api:3';

    expect(taskDefinitionOf(arn)).toBe('api:3');
    expect(taskDefinitionOf('api:3')).toBe('api:3');
    expect(taskDefinitionOf(undefined)).toBeUndefined();
    expect(accountOf(arn)).toBe('111122223333');
    expect(accountOf('api:3')).toBeUndefined();
  });

  it.each([
    ['eu-central-1', 'https://eu-central-1.console.aws.amazon.com/'],
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ])('knows the console of %s', (region, start) => {
    const url = consoleUrlOf({ region, cluster: 'main', service: 'api' });

    expect(url).toBe(
      `${start}ecs/v2/clusters/main/services/api/health?region=${region}`,
    );
  });
});
