import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { version as ecrVersion } from '@aws-sdk/client-ecr/package.json';
import { version as ecsVersion } from '@aws-sdk/client-ecs/package.json';
import { version as stsVersion } from '@aws-sdk/client-sts/package.json';
import { AwsService, errorShape, operationShapes } from './schema';
import { validate } from './validate';

export const modelTitles = {
  ecr: `@aws-sdk/client-ecr ${ecrVersion} schemas`,
  ecs: `@aws-sdk/client-ecs ${ecsVersion} schemas`,
  sts: `@aws-sdk/client-sts ${stsVersion} schemas`,
};

export interface ValidationReport {
  cloud: Record<string, Record<string, number>>;
  violations: string[];
  unvalidated: string[];
}

/** Keeps book of what was validated, and of what was not as the vendor's schemas have it. */
export class Ledger {
  readonly #counts: Record<string, Record<string, number>> = {};
  readonly #violations: string[] = [];
  readonly #unvalidated: string[] = [];

  /** Problems of a request; empty if it is right. */
  request(service: AwsService, operation: string, body: unknown): string[] {
    const shapes = operationShapes(service, operation);
    if (!shapes) {
      this.#unvalidated.push(`${service} ${operation}`);
      return [];
    }
    return this.#keep(
      service,
      `${operation} request`,
      validate(shapes.input, body),
    );
  }

  response(service: AwsService, operation: string, body: unknown): string[] {
    const shapes = operationShapes(service, operation);
    return shapes
      ? this.#keep(
          service,
          `${operation} response`,
          validate(shapes.output, body),
        )
      : [];
  }

  /** Errors of all services, such as throttling, are not in the schemas; what is, is validated. */
  error(service: AwsService, name: string, body: unknown): void {
    const shape = errorShape(service, name);
    if (shape) {
      this.#keep(service, `${name}`, validate(shape, body));
    }
  }

  report(): ValidationReport {
    return {
      cloud: this.#counts,
      violations: [...this.#violations],
      unvalidated: [...this.#unvalidated],
    };
  }

  async save(file: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(this.report(), undefined, 2)}\n`);
  }

  #keep(service: AwsService, what: string, problems: string[]): string[] {
    const counts = (this.#counts[modelTitles[service]] ??= {});
    counts[what] = (counts[what] ?? 0) + 1;
    this.#violations.push(
      ...problems.map(problem => `${service} ${what}: ${problem}`),
    );
    return problems;
  }
}
