import { DerivedTrace } from '../fold/deriveDeployments';
import { Problem } from '../store/ProblemLog';

const messages = {
  job: 'A job looks as if it deployed something, but no service says so. Add it to the jobs of an environment in deploy.yaml, to the annotation deploy.vvp.io/jobs, or to deploy.rules in app-config.',
  deployment:
    'A deployment names an environment, but several services are in this repository. Name the environment after the service as well (production-verifier), or map the job in deploy.yaml.',
};

/** What administrators are told of jobs and deployments that belong nowhere. */
export function unmappedProblems(
  repository: string,
  unmapped: DerivedTrace['unmapped'],
): Problem[] {
  return unmapped.map(({ kind, name }) => ({
    kind: `unmapped-${kind}`,
    message: messages[kind],
    repository,
    subject: name,
  }));
}
