import { GeneratedPipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { literal } from '../expressions';
import { identityOf, signedFor } from '../images/identity';
import {
  imagesOf,
  installCosign,
  loginsTo,
  OwnImage,
  signaturePermissions,
} from '../images/images';
import { registryPermissions } from '../images/registry';
import { calledApart, keyed } from '../keyed';
import { Job, Step, Workflow } from '../model';
import { githubEnvironment, keyPart } from '../names';
import { Group, PipelinePlan, Stage } from '../planModel';
import { stageOf } from '../stages';
import { ecsDeploySteps, ecsLogin, ecsMinutes, serviceOf } from './ecs';
import { limitOf } from './limits';
import { inParentheses, isOn } from './refs';
import { checkout, verifyTag } from './steps';
import { defaults } from './workflowPieces';

/** The workflow by which somebody deploys an image that there is, or goes back, wherever ECS runs a service. */
export function ecsManualWorkflows(
  plan: PipelinePlan,
  groups: readonly Group[],
  manual: NonNullable<GeneratedPipelineSpec['manual']>,
): [string, Workflow][] {
  const services = [...new Set(groups.map(serviceKey))];
  const several = services.length > 1;
  return [
    [
      manual.workflow,
      {
        name: manual.title ?? 'Manual Deployment',
        on: {
          workflow_dispatch: {
            inputs: {
              environment: {
                description: 'Where to',
                type: 'choice',
                options: [...new Set(groups.map(one => one.environment))],
                required: true,
              },
              ...(several && {
                service: {
                  description: 'What to deploy',
                  type: 'choice',
                  options: services,
                  required: true,
                },
              }),
              image_tag: {
                description:
                  'Tag of the image, the commit of this branch unless said otherwise',
                type: 'string',
                required: false,
              },
              rollback: {
                description:
                  'Go back to what served before; no image is asked for',
                type: 'boolean',
                default: false,
              },
            },
          },
        },
        permissions: {},
        defaults,
        jobs: keyed(
          manual.workflow,
          [...namesOf(plan, groups, several)].map(([group, name]) => [
            `deploy-${name}`,
            manualJob(plan, group, { file: manual.workflow, several }),
          ]),
        ),
      },
    ],
  ];
}

/** Whoever may use the environment may do this; nothing is built. */
function manualJob(
  plan: PipelinePlan,
  group: Group,
  { file, several }: { file: string; several: boolean },
): Job {
  const [placement] = group.placements;
  const { environment } = placement;
  const name = githubEnvironment(plan, placement);
  const title = environment.jobs.find(({ workflow }) => workflow === file)?.job;
  const minutes = limitOf(ecsMinutes(placement), environment);
  const login = ecsLogin(plan, placement, minutes);
  return {
    ...(title && { name: title }),
    if: [
      inParentheses(isOn(group.allowed)),
      `inputs.environment == ${literal(group.environment)}`,
      ...(several ? [`inputs.service == ${literal(serviceKey(group))}`] : []),
    ].join(' && '),
    'runs-on': plan.settings.runner,
    'timeout-minutes': minutes,
    permissions: {
      contents: 'read',
      'id-token': 'write',
      ...Object.assign(
        {},
        ...imagesOf(group).map(({ image }) =>
          registryPermissions(image.repository, 'read'),
        ),
      ),
      ...signaturePermissions(group),
    },
    environment: { name, ...(environment.url && { url: environment.url }) },
    // Of all workflows one at a time.
    concurrency: {
      group: `deploy-${name}`,
      'cancel-in-progress': false,
      queue: 'max',
    },
    steps: [
      checkout(),
      ...verifyTag(group),
      ...login,
      ...imagesOf(group).flatMap(({ image }) =>
        forImage(choosing(plan, stageOf(plan, group), image, login)),
      ),
      ...forImage(
        ecsDeploySteps(placement, {
          image: '${{ steps.image.outputs.image }}',
          commit: '${{ steps.image.outputs.commit }}',
        }),
      ),
      {
        name: 'Roll back',
        if: 'inputs.rollback',
        env: serviceOf(placement),
        run: '.github/deploy/aws-ecs.sh back',
      },
    ],
  };
}

/** Finds the image that is named, and looks who made it. */
function choosing(
  plan: PipelinePlan,
  stage: Stage,
  { repository, sign }: OwnImage,
  login: readonly Step[],
): Step[] {
  return [
    ...loginsTo(plan, [repository], login),
    {
      name: 'Find the image',
      id: 'image',
      env: {
        REPOSITORY: repository,
        TAG: '${{ inputs.image_tag || github.sha }}',
        ...(sign && { SIGNED: 'true' }),
      },
      run: '.github/deploy/image-choose.sh',
    },
    ...(sign
      ? [
          installCosign(),
          {
            name: 'Check the signature',
            env: {
              IMAGE: '${{ steps.image.outputs.image }}',
              IDENTITY: identityOf(plan, repository),
              ...signedFor(stage, '${{ steps.image.outputs.commit }}'),
            },
            run: '.github/deploy/image-verify.sh',
          },
        ]
      : []),
  ];
}

function forImage(steps: readonly Step[]): Step[] {
  return steps.map(({ name, id, ...step }) => ({
    name,
    ...(id && { id }),
    if: '!inputs.rollback',
    ...step,
  }));
}

function serviceKey({ placements: [{ service }] }: Group): string {
  return service.key;
}

function namesOf(
  plan: PipelinePlan,
  groups: readonly Group[],
  several: boolean,
): Map<Group, string> {
  return calledApart(
    groups,
    group =>
      (several ? [serviceKey(group), group.environment] : [group.environment])
        .map(keyPart)
        .join('-'),
    group => keyPart(githubEnvironment(plan, group.placements[0])),
  );
}
