import { NotFoundError } from '@backstage/errors';
import { DeployTarget } from '@vvp/backstage-plugin-deploy-node';

/** The kinds of platforms that this portal can drive. */
export class TargetRegistry {
  readonly #targets = new Map<string, DeployTarget>();

  /** Throws if a target of that type is already there. */
  add(target: DeployTarget): void {
    if (this.#targets.has(target.type)) {
      throw new Error(`There already is a target "${target.type}"`);
    }
    this.#targets.set(target.type, target);
  }

  find(type: string): DeployTarget | undefined {
    return this.#targets.get(type);
  }

  /** Throws a NotFoundError that names the module to add. */
  get(type: string): DeployTarget {
    const target = this.#targets.get(type);
    if (!target) {
      throw new NotFoundError(
        `This portal cannot drive targets of the type ${type}. Add ${moduleOf(
          type,
        )} to its backend.`,
      );
    }
    return target;
  }
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
