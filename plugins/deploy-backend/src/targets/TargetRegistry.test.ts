import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { DeployTarget } from '@vvp/backstage-plugin-deploy-node';
import { TargetRegistry } from './TargetRegistry';

const targetOf = (type: DeployTarget['type'], platform?: string) =>
  ({ type, ...(platform && { platform }) } as DeployTarget);

const custom = (platform: string): TargetSpec => ({
  type: 'custom',
  platform,
  settings: {},
});

describe('TargetRegistry', () => {
  it('finds a target by its type, and one of a stranger by its platform', () => {
    const registry = new TargetRegistry();
    const ecs = targetOf('ecs');
    const heroku = targetOf('custom', 'heroku');
    const nomad = targetOf('custom', 'nomad');
    [ecs, heroku, nomad].forEach(target => registry.add(target));

    expect(
      registry.get({
        type: 'ecs',
        region: 'eu-central-1',
        cluster: 'main',
        service: 'api',
      }),
    ).toBe(ecs);
    expect(registry.get(custom('heroku'))).toBe(heroku);
    expect(registry.get(custom('nomad'))).toBe(nomad);
  });

  it.each([
    [targetOf('ecs'), 'ecs'],
    [targetOf('custom', 'nomad'), 'custom nomad'],
  ])('takes no second one', (target, kind) => {
    const registry = new TargetRegistry();
    registry.add(target);

    expect(() => registry.add(target)).toThrow(kind);
  });

  it.each([
    [{ type: 'ecs' } as TargetSpec, /deploy-backend-module-aws/],
    [custom('nomad'), /custom nomad. Add the module that brings it/],
  ])('says which module is missing', (spec, message) => {
    expect(() => new TargetRegistry().get(spec)).toThrow(message);
  });
});
