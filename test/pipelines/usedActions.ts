import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AwsSimulator } from '../simulators/aws';

/** What scripts asked AWS for, against what the generated policy of their role allows. */
export class UsedActions {
  readonly #used = new Set<string>();

  /** Takes down what was asked for; also what was refused. */
  take(aws: AwsSimulator): void {
    for (const { service, operation, request } of aws.log) {
      const { tags } = (request ?? {}) as { tags?: unknown[] };
      this.#used.add(`${service}:${operation}`);
      // IAM asks for that besides.
      if (operation === 'RegisterTaskDefinition' && tags?.length) {
        this.#used.add('ecs:TagResource');
      }
    }
  }

  /**
   * Throws if it lacks something.
   *
   * @param role - such as `sandbox-broker/deploy/aws/deploy-production`, in the examples
   */
  requireAllowed(role: string): void {
    const file = join(
      resolve(__dirname, '../../examples'),
      role,
      'permissions.json',
    );
    const policy: { Statement: { Action: string[] }[] } = JSON.parse(
      readFileSync(file, 'utf8'),
    );
    const allowed = policy.Statement.flatMap(({ Action }) => Action);
    const refused = [...this.#used].filter(action => !allowed.includes(action));
    if (refused.length > 0) {
      throw new Error(`${role} does not allow ${refused.join(', ')}.`);
    }
  }
}
