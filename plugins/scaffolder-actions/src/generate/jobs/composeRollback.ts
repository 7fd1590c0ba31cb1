import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { installCosign, loginsTo } from '../images/images';
import { identityOf, signedFor } from '../images/identity';
import { calledApart, keyed } from '../keyed';
import { Job, Step, Workflow } from '../model';
import { environmentExpression, keyPart } from '../names';
import { Group, PipelinePlan, Placement, Stage } from '../planModel';
import { stageOf } from '../stages';
import {
  areInputs,
  assignments,
  composeLogin,
  composeMinutes,
  composeOf,
  composePermissions,
  deploySteps,
} from './compose';
import { limitOf } from './limits';
import { inParentheses, isOn } from './refs';
import { checkout, verifyTag } from './steps';
import { defaults } from './workflowPieces';

/** Of the image that comes back. */
const DIGEST = '${{ steps.image.outputs.digest }}';

type WorkflowTarget = Extract<TargetSpec, { type: 'github-workflow' }>;

/** What one dispatch brings back: no two targets are the same. */
interface WayBack {
  group: Group;
  target: WorkflowTarget;
  placement: Placement;
}

/** The workflows that targets name: the portal starts them to bring a release back, and so can anybody who may. */
export function composeRollbackWorkflows(
  plan: PipelinePlan,
  groups: readonly Group[],
): [string, Workflow][] {
  const ways = groups.flatMap(waysBack);
  const files = [...new Set(ways.map(({ target }) => target.workflow))];
  return files.map(file => [
    file,
    rollbackWorkflow(
      plan,
      ways.filter(({ target }) => target.workflow === file),
    ),
  ]);
}

function waysBack(group: Group): WayBack[] {
  return group.placements.flatMap(placement => {
    const { target } = placement;
    return target.type === 'github-workflow'
      ? [{ group, target, placement }]
      : [];
  });
}

/** After the service and the environment; after the job that deploys where that brings nothing else. */
function jobsOf(ways: readonly WayBack[]): Map<WayBack, string> {
  return calledApart(
    ways,
    ({ group: { job, environment, placements }, placement: { service } }) =>
      placements.length > 1
        ? `${service.key}-${keyPart(environment)}`
        : job.replace(/^deploy-/, ''),
    ({ group: { environment }, placement: { service } }) =>
      `${keyPart(environment)}-${service.key}`,
  );
}

function rollbackWorkflow(
  plan: PipelinePlan,
  ways: readonly WayBack[],
): Workflow {
  const [{ target }] = ways;
  const release = target.releaseInput ?? 'commit';
  const fixed = new Map<string, Set<string>>();
  for (const way of ways) {
    for (const [name, value] of Object.entries(way.target.inputs ?? {})) {
      fixed.set(name, (fixed.get(name) ?? new Set()).add(String(value)));
    }
  }
  return {
    name: 'Bring a release back',
    // The portal finds its run by this.
    'run-name': `Bring back \${{ inputs.${release} }}: ${[...fixed.keys()]
      .map(name => `\${{ inputs.${name} }}`)
      .join(' ')} \${{ inputs.correlation }}`,
    on: {
      workflow_dispatch: {
        inputs: {
          ...Object.fromEntries(
            [...fixed].map(([name, values]) => [
              name,
              {
                description: `Which ${name}`,
                type: 'choice',
                options: [...values],
                required: true,
              },
            ]),
          ),
          [release]: {
            description:
              target.releaseValue === 'version'
                ? 'Version of the release'
                : 'Full commit of the release',
            type: 'string',
            required: true,
          },
          correlation: {
            description: 'What the portal finds this run by',
            type: 'string',
            required: false,
          },
        },
      },
    },
    permissions: {},
    defaults,
    jobs: keyed(
      target.workflow,
      [...jobsOf(ways)].map(([way, key]) => [
        `bring-back-${key}`,
        rollbackJob(plan, way),
      ]),
    ),
  };
}

/** Files and settings stay as they are there: what comes back are images. */
function rollbackJob(
  plan: PipelinePlan,
  { group, target, placement }: WayBack,
): Job {
  const compose = composeOf(plan.spec, group.environment);
  const { environment } = placement;
  const name = environmentExpression(plan, group);
  const release = `\${{ inputs.${target.releaseInput} }}`;
  const login = composeLogin(plan, placement);
  return {
    if: [
      ...areInputs(target.inputs ?? {}),
      inParentheses(isOn(group.allowed)),
    ].join(' && '),
    'runs-on': plan.settings.runner,
    'timeout-minutes': limitOf(
      composeMinutes(placement, compose ?? {}),
      environment,
    ),
    permissions: { contents: 'read', ...composePermissions() },
    environment: { name, ...(environment.url && { url: environment.url }) },
    concurrency: {
      group: `deploy-${name}`,
      'cancel-in-progress': false,
      queue: 'max',
    },
    steps: [
      checkout(),
      ...verifyTag(group),
      ...login,
      ...signatureSteps(plan, stageOf(plan, group), placement, release),
      ...(compose
        ? deploySteps(compose, [placement], {
            verb: 'images',
            release,
            images: assignments(compose, [placement], one =>
              imageOf(one, release),
            ),
            ...(target.releaseValue !== 'version' && {
              environment: { RELEASE_IS: 'commit' },
            }),
          })
        : []),
    ],
  };
}

/** By the digest that was looked at where images are signed, else by the name that is never given twice. */
function imageOf({ service }: Placement, release: string): string {
  const { repository = '', sign } = service.image ?? {};
  return `${repository}${sign ? `@${DIGEST}` : `:${release}`}`;
}

function signatureSteps(
  plan: PipelinePlan,
  stage: Stage,
  { service, target }: Placement,
  release: string,
): Step[] {
  const { repository, sign } = service.image ?? {};
  const isCommit =
    target.type === 'github-workflow' && target.releaseValue !== 'version';
  return repository && sign
    ? [
        ...loginsTo(plan, [repository], []),
        installCosign(),
        {
          name: 'Look for the image',
          id: 'image',
          env: { REPOSITORY: repository, TAG: release },
          run: '.github/deploy/image-find.sh',
        },
        {
          name: 'Check the signature',
          env: {
            IMAGE: `${repository}@${DIGEST}`,
            IDENTITY: identityOf(plan, repository),
            // A version does not tell its commit.
            ...(isCommit && signedFor(stage, release)),
          },
          run: '.github/deploy/image-verify.sh',
        },
      ]
    : [];
}
