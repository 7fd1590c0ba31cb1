import {
  parsePipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { planPipeline } from '../../generate';
import { githubEnvironment } from '../../generate/names';

/** Environments at GitHub that the jobs of each service name, by its key; none where nothing can be generated. */
export function environmentsOf(spec: PipelineSpec): Record<string, string[]> {
  const planned = planPipeline(spec);
  const environments: Record<string, string[]> = {};
  if ('plan' in planned) {
    const { plan } = planned;
    for (const placement of plan.groups.flatMap(group => group.placements)) {
      const names = (environments[placement.service.key] ??= []);
      names.push(githubEnvironment(plan, placement));
    }
  }
  return environments;
}

/** What a change of `deploy.yaml` means for the environments at GitHub, where protection, variables and secrets are. */
export interface EnvironmentChange {
  /** What jobs name now, and did not before. */
  added: string[];
  /** What no job names any more. */
  former: string[];
}

/** Compares the environments that jobs named by an earlier `deploy.yaml` with those that they name now. */
export function environmentChange(
  before: string,
  now: Record<string, string[]>,
): EnvironmentChange {
  const parsed = parsePipelineSpec(before);
  const earlier = new Set(
    parsed.ok ? Object.values(environmentsOf(parsed.spec)).flat() : [],
  );
  const named = new Set(Object.values(now).flat());
  return {
    added: [...named].filter(name => !earlier.has(name)),
    former: [...earlier].filter(name => !named.has(name)),
  };
}

/** What somebody has to do at GitHub before such a change is merged, as Markdown; empty if nothing. */
export function describeEnvironments({
  added,
  former,
}: EnvironmentChange): string {
  const list = (names: readonly string[]) =>
    names.map(name => `\`${name}\``).join(', ');
  return former.length > 0
    ? `**Environments at GitHub.** No job names ${list(
        former,
      )} any more: with more than one service each has environments of its own. Before this is merged, give ${list(
        added,
      )} the protection, the variables and the secrets of ${list(
        former,
      )}, and let the cloud trust them (\`deploy/\` has the new subjects).`
    : '';
}
