import { targetsOfModule } from './__testUtils__/targetsOfModule';

describe('the module', () => {
  it('adds the target ecs', async () => {
    const targets = await targetsOfModule({
      deploy: {
        targets: {
          aws: {
            connections: [{ name: 'main', repositories: ['example-org/*'] }],
          },
        },
      },
    });

    expect(targets.map(target => target.type)).toEqual(['ecs']);
  });

  it('starts without a connection', async () => {
    const targets = await targetsOfModule({});

    expect(targets.map(target => target.type)).toEqual(['ecs']);
  });
});
