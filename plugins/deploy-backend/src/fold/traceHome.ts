import { DeploymentFact, Fact } from '@vvp/backstage-plugin-deploy-node';
import { absorb, emptyTrace, mergeTraces, Trace, traceKeyOf } from './trace';

/** Under what a deployment is looked up, whatever trace it has ended up in. */
export function deploymentAlias(fact: DeploymentFact): string {
  return `${fact.repository}:deployment:${fact.deploymentId}`;
}

/**
 * The trace a fact about a deployment goes to. The first events of a deployment may not name the
 * run it was made by; as soon as one does, the deployment joins the run's trace.
 *
 * @param knownKey - the trace the deployment is in by now
 * @returns the key, and the trace that it takes in, if any
 */
export function homeOf(
  fact: DeploymentFact,
  knownKey: string,
): { key: string; absorbed?: string } {
  const ownKey = traceKeyOf(fact);
  if (!fact.runId) {
    return { key: knownKey };
  }
  return knownKey === deploymentAlias(fact) && knownKey !== ownKey
    ? { key: ownKey, absorbed: knownKey }
    : { key: ownKey };
}

/** Traces by key, and where deployments are found. */
export interface FoldState {
  traces: ReadonlyMap<string, Trace>;
  aliases: ReadonlyMap<string, string>;
}

/** Folds facts in memory, by the rules the store follows in its tables. */
export function foldFacts(facts: Iterable<Fact>): FoldState {
  const traces = new Map<string, Trace>();
  const aliases = new Map<string, string>();
  for (const fact of facts) {
    const ownKey = traceKeyOf(fact);
    const alias = fact.kind === 'deployment' ? deploymentAlias(fact) : ownKey;
    const home =
      fact.kind === 'deployment'
        ? homeOf(fact, aliases.get(alias) ?? ownKey)
        : { key: ownKey };
    let trace = traces.get(home.key) ?? emptyTrace;
    if (home.absorbed) {
      trace = mergeTraces(trace, traces.get(home.absorbed) ?? emptyTrace);
      traces.delete(home.absorbed);
    }
    if (fact.kind === 'deployment' && (fact.runId || !aliases.has(alias))) {
      aliases.set(alias, home.key);
    }
    traces.set(home.key, absorb(trace, fact));
  }
  return { traces, aliases };
}
