import { GeneratedFile } from './model';
import { eksGrants, eksGroups, eksRegion } from './trustKubernetes';
import { githubEnvironment } from './names';
import { PipelinePlan, Placement } from './planModel';
import { deployMinutes } from './jobs/deployMinutes';
import { ecsGroups } from './jobs/ecs';
import type { Subject } from './trust';
import {
  allow,
  buildStatements,
  ecrRepositories,
  imageBuilders,
  logInToTheRegistry,
  partitionIn,
  pushImages,
  repositoryArn,
} from './trustAwsImages';

/** Folder of what AWS has to trust. */
const FOLDER = 'deploy/aws';

const ISSUER = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';
/** To be filled in by whoever applies the files. */
const ACCOUNT = '<account>';

/** A role, with who may be it and what it may do. */
interface Role {
  /** Name of its folder. */
  name: string;
  subjects: readonly Subject[];
  partition: string;
  statements: object[];
  /** What it is for. */
  purpose: string;
}

/**
 * The OIDC provider, and the trust policy and permissions of each role
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html).
 */
export function awsTrustFiles(
  plan: PipelinePlan,
  subjects: readonly Subject[],
): GeneratedFile[] {
  const roles = rolesOf(plan, subjects);
  return roles.length === 0
    ? []
    : [
        json('oidc-provider.json', {
          Url: `https://${ISSUER}`,
          ClientIDList: [AUDIENCE],
        }),
        ...roles.flatMap(role => [
          json(`${role.name}/trust-policy.json`, trustPolicyOf(role)),
          json(`${role.name}/permissions.json`, {
            Version: '2012-10-17',
            Statement: role.statements,
          }),
        ]),
        { path: `${FOLDER}/README.md`, content: explain(plan, roles) },
      ];
}

function rolesOf(plan: PipelinePlan, subjects: readonly Subject[]): Role[] {
  const groups = [...ecsGroups(plan), ...eksGroups(plan)];
  const deploying = groups.map(({ placements: [placement] }): Role => {
    const name = githubEnvironment(plan, placement);
    return {
      name: `deploy-${name.replace(/[^A-Za-z0-9_-]+/g, '-')}`,
      subjects: subjects.filter(({ subject }) =>
        subject.endsWith(`:environment:${name}`),
      ),
      partition: partitionOf(plan, placement),
      statements: deployStatements(plan, placement),
      purpose: `deploys to and rolls back in the environment ${name}`,
    };
  });
  const builders = imageBuilders(plan);
  const isBuilding = ({ workflow, job }: Subject) =>
    builders.has(`${workflow} ${job}`);
  const reading = subjects.filter(one => !one.isProtected && !isBuilding(one));
  const building = subjects.filter(isBuilding);
  const [first] = deploying;
  const roles = [
    ...deploying,
    ...(building.length > 0
      ? [
          {
            name: 'build',
            subjects: building,
            partition: partitionIn(
              ecrRepositories(plan)[0]?.registry.region ?? '',
            ),
            statements: buildStatements(plan),
            purpose: 'pushes images, and deploys nothing',
          },
        ]
      : []),
    ...(reading.length > 0 && first
      ? [
          {
            name: 'plan',
            subjects: reading,
            partition: first.partition,
            statements: planStatements(first.partition),
            purpose: 'shows what Terraform would change, and may only read',
          },
        ]
      : []),
  ];
  return roles.filter(role => role.subjects.length > 0);
}

function trustPolicyOf({ subjects, partition }: Role): object {
  const trusted = [...new Set(subjects.map(({ subject }) => subject))];
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          Federated: `arn:${partition}:iam::${ACCOUNT}:oidc-provider/${ISSUER}`,
        },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${ISSUER}:aud`]: AUDIENCE,
            [`${ISSUER}:sub`]: trusted.length === 1 ? trusted[0] : trusted,
          },
        },
      },
    ],
  };
}

/** Pushes to one repository, changes one service, and hands over the roles that are named. */
function deployStatements(plan: PipelinePlan, placement: Placement): object[] {
  const { settings } = plan;
  const { target } = placement;
  const partition = partitionOf(plan, placement);
  if (target.type !== 'ecs') {
    return eksGrants(plan, placement, { partition, account: ACCOUNT }).map(
      ({ id, actions, resource }) => allow(id, actions, resource),
    );
  }
  const { region, cluster, service, repository } = target;
  const own = placement.service.image?.repository;
  const pulled = ecrRepositories(plan).filter(one => one.repository === own);
  const arn = (kind: string, resource: string) =>
    `arn:${partition}:${kind}:${region}:${ACCOUNT}:${resource}`;
  return [
    ...(repository
      ? [
          logInToTheRegistry(),
          pushImages(arn('ecr', `repository/${repository}`)),
        ]
      : []),
    // To look at its signature, and for what the tag says that somebody names.
    ...(pulled.length > 0
      ? [
          logInToTheRegistry(),
          allow(
            'LookAtImages',
            ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            pulled.map(repositoryArn),
          ),
        ]
      : []),
    allow(
      'ChangeTheService',
      [
        'ecs:DescribeServices',
        'ecs:ListServiceDeployments',
        'ecs:UpdateService',
      ],
      arn('ecs', `service/${cluster}/${service}`),
    ),
    ...(target.strategy === 'blue-green'
      ? [
          allow(
            'TakeADeploymentBack',
            ['ecs:DescribeServiceDeployments', 'ecs:StopServiceDeployment'],
            arn('ecs', `service-deployment/${cluster}/${service}/*`),
          ),
        ]
      : []),
    {
      ...allow(
        'MarkWhatIsNotVerified',
        ['ecs:TagResource'],
        arn('ecs', `task-definition/${target.taskDefinition}:*`),
      ),
      Condition: {
        StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' },
      },
    },
    {
      ...allow(
        'TakeTheMarkOff',
        ['ecs:UntagResource'],
        arn('ecs', `task-definition/${target.taskDefinition}:*`),
      ),
      Condition: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['deploy-unverified'] },
      },
    },
    allow(
      'ReadWhatServedBefore',
      ['ecs:DescribeServiceRevisions'],
      arn('ecs', `service-revision/${cluster}/${service}/*`),
    ),
    allow(
      'TaskDefinitionsWhichIamCannotNarrow',
      [
        'ecs:DescribeTaskDefinition',
        'ecs:ListTaskDefinitions',
        'ecs:RegisterTaskDefinition',
      ],
      '*',
    ),
    ...(settings.aws.passRoles
      ? [
          {
            ...allow(
              'PassTheRolesOfTheTasks',
              ['iam:PassRole'],
              settings.aws.passRoles.map(
                role => `arn:${partition}:iam::${ACCOUNT}:role/${role}`,
              ),
            ),
            Condition: {
              StringEquals: {
                'iam:PassedToService': 'ecs-tasks.amazonaws.com',
              },
            },
          },
        ]
      : []),
  ];
}

/** What Terraform looks at to plan; no secrets, and no data but its own state. */
function planStatements(partition: string): object[] {
  return [
    allow(
      'Look',
      [
        'acm:DescribeCertificate',
        'acm:ListCertificates',
        'acm:ListTagsForCertificate',
        'application-autoscaling:Describe*',
        'cloudwatch:Describe*',
        'cloudwatch:ListTagsForResource',
        'dynamodb:DescribeContinuousBackups',
        'dynamodb:DescribeTable',
        'dynamodb:DescribeTimeToLive',
        'dynamodb:ListTagsOfResource',
        'ec2:Describe*',
        'ecr:DescribeRepositories',
        'ecr:GetLifecyclePolicy',
        'ecr:GetRepositoryPolicy',
        'ecr:ListTagsForResource',
        'ecs:Describe*',
        'ecs:List*',
        'elasticloadbalancing:Describe*',
        'iam:GetOpenIDConnectProvider',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        'logs:DescribeLogGroups',
        'logs:ListTagsForResource',
        'route53:GetHostedZone',
        'route53:ListHostedZones',
        'route53:ListResourceRecordSets',
        'route53:ListTagsForResource',
        'sts:GetCallerIdentity',
      ],
      '*',
    ),
    allow(
      'ReadTheState',
      ['s3:GetObject'],
      `arn:${partition}:s3:::<bucket of the state>/<key of the state>`,
    ),
    allow(
      'FindTheState',
      ['s3:ListBucket'],
      `arn:${partition}:s3:::<bucket of the state>`,
    ),
  ];
}

function partitionOf(plan: PipelinePlan, placement: Placement): string {
  const { target } = placement;
  return partitionIn(
    target.type === 'ecs' ? target.region : eksRegion(plan, placement),
  );
}

function json(name: string, content: object): GeneratedFile {
  return {
    path: `${FOLDER}/${name}`,
    content: `${JSON.stringify(content, null, 2)}\n`,
  };
}

/** Roles that are no environment's. */
function others(roles: readonly Role[]): string {
  const found = ['build', 'plan'].filter(name =>
    roles.some(role => role.name === name),
  );
  return found.length > 1
    ? `those of ${found.map(name => `\`${name}\``).join(' and ')}`
    : `that of \`${found[0] ?? 'plan'}\``;
}

/** What else is to be done. */
function afterwards(plan: PipelinePlan): string {
  const minutes = [...ecsGroups(plan), ...eksGroups(plan)].map(group =>
    deployMinutes(plan, group),
  );
  const longest = Math.max(60, ...minutes);
  const isNamedOnce = ecrRepositories(plan).length === 0;
  return `${
    isNamedOnce
      ? `Make the tags of images immutable
(\`aws ecr put-image-tag-mutability\`): the pipeline never replaces one.
`
      : `The tag of a commit is never
replaced, the others of an image move.
`
  }${
    longest > 60
      ? `
A deployment may take longer than the hour that roles are for: add \`--max-session-duration ${
          longest * 60
        }\` to
\`aws iam create-role\` for the roles that deploy.
`
      : ''
  }`;
}

function explain(plan: PipelinePlan, roles: readonly Role[]): string {
  const { settings } = plan;
  const rows = roles.map(({ name, subjects, purpose }) =>
    [
      `\`${name}\``,
      [...new Set(subjects.map(({ subject }) => `\`${subject}\``))].join(', '),
      subjects
        .map(({ workflow, job }) => `\`${workflow}\`: \`${job}\``)
        .join(', '),
      purpose,
    ].join(' | '),
  );
  return `# What AWS trusts

The jobs of \`${
    settings.repository
  }\` log in without a key: GitHub signs a token that names the repository and the environment or
event, and AWS takes it for one of these subjects only. Who may use an environment is for its protection to say.

| role | subject | jobs | it |
| --- | --- | --- | --- |
${rows.map(row => `| ${row} |`).join('\n')}

Put the number of the account for \`<account>\` everywhere, and the bucket of Terraform's state where it is asked for:

\`\`\`sh
aws iam create-open-id-connect-provider --cli-input-json file://oidc-provider.json
aws iam create-role --role-name <name> --assume-role-policy-document file://<role>/trust-policy.json
aws iam put-role-policy --role-name <name> --policy-name pipeline --policy-document file://<role>/permissions.json
\`\`\`

The ARN of a role that deploys belongs into its _environment_ at GitHub, ${others(
    roles,
  )} into the repository, under the
names that \`deploy.yaml\` gives them in \`spec.pipeline.aws\`. ${afterwards(
    plan,
  )}`;
}
