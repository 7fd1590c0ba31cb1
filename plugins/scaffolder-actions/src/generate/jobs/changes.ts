import { stringify } from 'yaml';
import { literal } from '../expressions';
import { Job, Step } from '../model';
import { PipelinePlan, Unit } from '../plan';
import { checkout } from './steps';

/** The job that finds out which services a push is about, and the choice of a manual start. */
export function changesJob({ settings, units }: PipelinePlan): Job {
  return {
    if: mayRun(settings.branches, settings.pullRequests),
    'runs-on': settings.runner,
    'timeout-minutes': 5,
    permissions: {
      contents: 'read',
      ...(settings.pullRequests && { 'pull-requests': 'read' as const }),
    },
    outputs: Object.fromEntries(
      units.map(({ key }) => [
        key,
        `\${{ inputs.force == 'all' || inputs.force == ${literal(
          key,
        )} || steps.filter.outputs.${key} == 'true' }}`,
      ]),
    ),
    steps: [
      wholeHistory(),
      {
        name: 'See what changed',
        id: 'filter',
        uses: 'dorny/paths-filter',
        with: { filters: filtersOf(units) },
      },
    ],
  };
}

/** The commit of the push before is compared with: nobody can fetch it later without the token. */
function wholeHistory(): Step {
  const step = checkout();
  return { ...step, with: { ...step.with, 'fetch-depth': 0 } };
}

/** By hand it could be started on any branch; what follows is skipped there. */
export function mayRun(
  branches: readonly string[],
  pullRequests: boolean,
): string {
  const refs = branches.map(branch =>
    branch.includes('*')
      ? `startsWith(github.ref, ${literal(
          `refs/heads/${branch.slice(0, branch.indexOf('*'))}`,
        )})`
      : `github.ref == ${literal(`refs/heads/${branch}`)}`,
  );
  return [
    ...(pullRequests ? ["github.event_name == 'pull_request'"] : []),
    ...refs,
  ].join(' || ');
}

function filtersOf(units: readonly Unit[]): string {
  return stringify(
    Object.fromEntries(
      units.map(({ key, services }) => [
        key,
        [
          ...new Set(
            services.flatMap(({ paths, sharedPaths }) => [
              ...paths,
              ...sharedPaths,
            ]),
          ),
        ],
      ]),
    ),
    {
      lineWidth: 0,
      defaultStringType: 'QUOTE_SINGLE',
      defaultKeyType: 'PLAIN',
    },
  );
}

/** Whether the push, or whoever started the run, is about a service. */
export function isChanged(unit: string): string {
  return `needs.changes.outputs.${unit} == 'true'`;
}
