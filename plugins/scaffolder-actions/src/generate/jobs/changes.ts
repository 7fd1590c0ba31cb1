import { stringify } from 'yaml';
import { Job, Step } from '../model';
import { PipelinePlan, Unit } from '../planModel';
import { isChosen } from './choice';
import { isOn } from './refs';
import { checkout, ofPullRequest, verifyTag } from './steps';

/** The job that finds out which services a push is about, and the choice of a manual start. */
export function changesJob(plan: PipelinePlan): Job {
  const { settings, stage, units } = plan;
  const { pullRequests } = stage;
  const isTag = "github.event_name == 'push' && github.ref_type == 'tag' || ";
  const hasTags = stage.refs.tags.length > 0;
  // Whoever names one service means no other.
  const unlessAsked = settings.serviceInput
    ? "github.event_name != 'workflow_dispatch' && "
    : '';
  return {
    if: [...(pullRequests ? [ofPullRequest] : []), isOn(stage.allowed)].join(
      ' || ',
    ),
    'runs-on': settings.runner,
    'timeout-minutes': 5,
    permissions: {
      contents: 'read',
      ...(pullRequests && { 'pull-requests': 'read' as const }),
    },
    outputs: Object.fromEntries(
      units.map(({ key }) => [
        key,
        `\${{ ${hasTags ? isTag : ''}${isChosen(plan, [
          key,
        ])} || ${unlessAsked}steps.filter.outputs.${key} == 'true' }}`,
      ]),
    ),
    steps: [
      wholeHistory(),
      ...verifyTag(stage),
      {
        name: 'See what changed',
        id: 'filter',
        ...(hasTags && { if: "github.ref_type == 'branch'" }),
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
