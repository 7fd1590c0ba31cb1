import { NotFoundError } from '@backstage/errors';
import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { DeployTarget } from '@vvp/backstage-plugin-deploy-node';

/** The kinds of platforms that this portal can drive. */
export class TargetRegistry {
  readonly #targets = new Map<string, DeployTarget>();

  /** Throws if a target of that type is already there. */
  add(target: DeployTarget): void {
    const kind = kindOf(target);
    if (this.#targets.has(kind)) {
      throw new Error(`There already is a target "${kind}"`);
    }
    this.#targets.set(kind, target);
  }

  /** Throws a NotFoundError that names the module to add. */
  get(spec: TargetSpec): DeployTarget {
    const target = this.#targets.get(kindOf(spec));
    if (!target) {
      throw new NotFoundError(
        `This portal cannot drive targets of the type ${kindOf(
          spec,
        )}. Add ${moduleOf(spec.type)} to its backend.`,
      );
    }
    return target;
  }
}

function kindOf(
  target: Pick<DeployTarget, 'type' | 'platform'> | TargetSpec,
): string {
  return target.type === 'custom' && 'platform' in target
    ? `custom ${target.platform}`
    : target.type;
}

function moduleOf(type: string): string {
  const modules: Record<string, string> = {
    'azure-container-app': 'azure',
    'azure-vm': 'azure',
    ecs: 'aws',
    kubernetes: 'kubernetes',
  };
  return modules[type]
    ? `@vvp/backstage-plugin-deploy-backend-module-${modules[type]}`
    : 'the module that brings it';
}
