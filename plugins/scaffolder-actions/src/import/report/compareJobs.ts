import { PipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { workflowsOf } from '../../generate/workflows';
import { WorkflowView } from '../assemble/Repository';
import { Atom } from '../conditions/Condition';
import { JobGraph } from '../conditions/JobGraph';
import { differenceOf, Renaming } from '../conditions/uncovered';
import { JobView } from '../source/JobView';
import { compareSteps } from './compareSteps';
import { counterpartsOf, Found, Generated, JobOf } from './counterparts';
import { graphOf, graphOfGenerated, listOf } from './graphs';
import { planOf, withStandIns } from './standIn';

const KEEP =
  'Say it by a key of deploy.yaml, keep the job in a workflow of its own, or do without it.';

/** A job beside the one that is generated in its place. */
interface Pair {
  generated: Generated;
  job: JobView;
  own: JobGraph;
  other: JobOf;
  graph: JobGraph;
}

/** What is generated of a spec; undefined if nothing can be yet. */
export function generatedOf(spec: PipelineSpec): Generated | undefined {
  const planned = planOf(spec);
  return 'plan' in planned
    ? { plan: planned.plan, workflows: workflowsOf(planned.plan) }
    : undefined;
}

/**
 * Compares when jobs run, what they wait for, how long they may take and what starts their workflows with what is
 * generated in their place. Only what means the same stays imported or kept: what generated jobs do not ask for is named.
 */
export function compareJobs(
  found: Found,
  spec: PipelineSpec,
  whole: Generated | undefined,
): void {
  let standIn: Generated | undefined;
  const places = [
    () => whole,
    () => (standIn ??= generatedOf(withStandIns(spec))),
  ];
  for (const workflow of found.repository.workflows) {
    const own = graphOf(workflow);
    const pairs: Pair[] = [];
    for (const job of workflow.jobs.filter(({ isFirst }) => isFirst)) {
      const ofJob = firstOf(places, generated =>
        pairsOf(found, generated, own, job),
      );
      compareCondition(found, job, ofJob);
      compareNeeds(found, job, ofJob);
      // A stand-in says nothing of how long its target takes, and of what its steps are.
      const real = ofJob.filter(({ generated }) => generated === whole);
      compareLimits(found, job, real);
      compareAllSteps(found, job, real);
      pairs.push(...ofJob);
    }
    compareStarts(found, workflow, pairs);
  }
}

/** Of what can be generated, else of what could be if nothing were missing. */
function firstOf(
  places: readonly (() => Generated | undefined)[],
  of: (generated: Generated) => Pair[],
): Pair[] {
  for (const place of places) {
    const generated = place();
    const pairs = generated ? of(generated) : [];
    if (pairs.length > 0) {
      return pairs;
    }
  }
  return [];
}

function pairsOf(
  found: Found,
  generated: Generated,
  own: JobGraph,
  job: JobView,
): Pair[] {
  return counterpartsOf(found, generated, job).flatMap(other => {
    const workflow = generated.workflows.get(other.workflow);
    return workflow
      ? [{ generated, job, own, other, graph: graphOfGenerated(workflow) }]
      : [];
  });
}

function compareCondition(
  found: Found,
  job: JobView,
  pairs: readonly Pair[],
): void {
  const { accounts } = found.repository;
  const leaf = job.at('if');
  if (leaf && (pairs.length === 0 || !job.tree)) {
    if (pairs.length > 0 || accounts.isTaken(leaf)) {
      accounts.lacks(leaf, {
        message: job.tree
          ? 'no generated job was found in whose place this one runs, so that nothing asks for the same'
          : 'a condition that cannot be read as one expression, and so not be compared with that of the generated job',
        remedy: KEEP,
      });
    }
    return;
  }
  const differences = pairs.map(pair =>
    differenceOf(
      { graph: pair.own, key: job.key },
      { graph: pair.graph, key: pair.other.key },
      renamingOf(found, pair),
    ),
  );
  const lost = [...new Set(differences.flatMap(one => one.lost))];
  const added = [...new Set(differences.flatMap(one => one.added))];
  if (leaf && lost.length > 0) {
    const keys = pairs.map(({ other }) => other.key).join(', ');
    accounts.lacks(leaf, {
      message: `the generated job ${keys} does not ask for ${lost.join(
        ' and ',
      )}`,
      remedy: KEEP,
    });
  } else if (leaf) {
    accounts.kept([leaf], 'the generated job asks for the same');
  }
  // Without a condition, the job says that it is there by its machine.
  const place = leaf ?? job.at('runs-on');
  if (place && added.length > 0) {
    accounts.note(place, `what is generated asks besides: ${added.join(', ')}`);
  }
}

/** What generated jobs are called, by what the jobs that were read are. */
function renamingOf(
  found: Found,
  { generated, job, other, graph }: Pair,
): Renaming {
  const { repository } = found;
  const filter = repository.unitOf(job);
  const { plan } = generated;
  const unit =
    plan.groups.find(
      one => one.workflow === other.workflow && one.job === other.key,
    )?.key ??
    plan.units.find(({ tests }) => tests.some(one => one.job === other.key))
      ?.key;
  return {
    jobs: key =>
      repository
        .needed(job)
        .filter(one => one.key === key && one.isFirst)
        .flatMap(one => counterpartsOf(found, generated, one))
        .filter(one => one.workflow === other.workflow && graph.has(one.key))
        .map(one => one.key),
    atom: (atom: Atom) => {
      const [, key, output] =
        /^needs\.([\w-]+)\.outputs\.([\w-]+) == 'true'$/.exec(atom.text) ?? [];
      const [detecting] = repository
        .needed(job)
        .filter(one => one.key === key && one.facts.has('filters'));
      const isOwn =
        detecting && repository.filterOf(detecting, output) === filter;
      return isOwn && unit !== undefined
        ? { ...atom, text: `needs.changes.outputs.${unit} == 'true'` }
        : atom;
    },
  };
}

function compareNeeds(
  found: Found,
  job: JobView,
  pairs: readonly Pair[],
): void {
  const { accounts } = found.repository;
  const keys = job.needs.map(({ value }) => value);
  for (const pair of pairs) {
    const { own, other, graph } = pair;
    const awaited = graph.before(other.key);
    const { jobs } = renamingOf(found, pair);
    for (const { value, leaves } of job.needs) {
      const inPlace = jobs(value);
      if (inPlace.length > 0 && !inPlace.some(key => awaited.has(key))) {
        leaves.forEach(leaf =>
          accounts.lacks(leaf, {
            message: `the generated job ${
              other.key
            } does not wait for ${inPlace.join(', ')}`,
            remedy:
              'Check that it may run before, or keep it in a workflow of its own.',
          }),
        );
      }
    }
    const back =
      other.key === job.key
        ? graph
            .needs(job.key)
            .filter(key => own.has(key) && !keys.includes(key))
        : [];
    const [place = job.at('runs-on')] = job.needs.flatMap(
      ({ leaves }) => leaves,
    );
    if (place && back.length > 0) {
      accounts.note(
        place,
        `what is generated also waits for ${back.join(', ')}`,
      );
    }
  }
}

function compareLimits(
  { repository: { accounts } }: Found,
  job: JobView,
  pairs: readonly Pair[],
): void {
  const leaf = job.at('timeout-minutes');
  const limits = pairs.map(
    ({ generated, other }) =>
      generated.workflows.get(other.workflow)?.jobs[other.key]?.[
        'timeout-minutes'
      ],
  );
  const others = [...new Set(limits)].filter(
    limit => limit !== undefined && limit !== leaf?.value,
  );
  if (leaf && typeof leaf.value === 'number' && others.length > 0) {
    accounts.note(
      leaf,
      `what is generated may take ${others.join(' or ')} minutes`,
    );
  }
}

function compareAllSteps(
  { repository }: Found,
  job: JobView,
  pairs: readonly Pair[],
): void {
  for (const { generated, other } of pairs) {
    const made = generated.workflows.get(other.workflow)?.jobs[other.key];
    compareSteps(repository.accounts, job, made?.steps ?? []);
  }
}

/** The branches and tags for which a workflow starts by itself. */
function compareStarts(
  { repository: { accounts } }: Found,
  { index }: WorkflowView,
  pairs: readonly Pair[],
): void {
  const workflows = new Set(
    pairs.flatMap(
      ({ generated, other }) => generated.workflows.get(other.workflow) ?? [],
    ),
  );
  for (const event of ['push', 'pull_request']) {
    const started = [...workflows].filter(({ on }) => Object.hasOwn(on, event));
    for (const kind of ['branches', 'tags'] as const) {
      const own = index.texts('on', event, kind);
      const names = own.map(({ value }) => value);
      const others = new Set(
        started.flatMap(({ on }) => listOf(on, event, kind)),
      );
      const lost = own.filter(({ value }) => !others.has(value));
      const added = [...others].filter(name => !names.includes(name));
      if (started.length > 0) {
        lost
          .flatMap(({ leaves }) => leaves)
          .forEach(leaf =>
            accounts.lacks(leaf, {
              message: `nothing that is generated in place of these jobs starts for it`,
              remedy:
                'Name it under spec.pipeline.branches, or deploy.branches or deploy.tags of an environment, if something is to happen there.',
            }),
          );
      }
      const last = own[own.length - 1]?.leaves[0];
      if (last && added.length > 0) {
        accounts.note(
          last,
          `what is generated starts for ${added.join(', ')} as well`,
        );
      }
    }
  }
}
