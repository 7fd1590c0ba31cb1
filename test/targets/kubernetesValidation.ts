import { OpenApiValidator } from '../simulators/kubernetes';

/** Keeps what Kubernetes' own description said of all calls of a test file; fails if anything was wrong. */
export async function saveKubernetesValidation(
  validator: OpenApiValidator,
  name: string,
): Promise<void> {
  await validator.save(name);
  const problems = [...validator.violations, ...validator.unvalidated];
  if (problems.length > 0) {
    throw new Error(`Not as Kubernetes describes it: ${problems.join('\n')}`);
  }
}
