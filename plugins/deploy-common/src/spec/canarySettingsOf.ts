import { CanarySettings, defaultCanarySettings } from '../model';
import { TargetSpec } from './types';

/**
 * How canaries are watched there; undefined where `deploy.yaml` asks for none. A target that moves on by
 * itself, such as ECS blue/green, is watched with the defaults.
 *
 * @public
 */
export function canarySettingsOf(
  target: TargetSpec | undefined,
): CanarySettings | undefined {
  switch (target?.type) {
    case 'azure-container-app':
    case 'kubernetes':
      return target.strategy === 'canary'
        ? { ...defaultCanarySettings, ...target.canary }
        : undefined;
    case 'ecs':
      return target.strategy === 'blue-green'
        ? defaultCanarySettings
        : undefined;
    default:
      return undefined;
  }
}
