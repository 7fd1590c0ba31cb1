import { createHash } from 'node:crypto';
import { GeneratedFile, Job, Workflow } from './model';
import { groupsOfImage } from './jobs/conditions';
import { githubEnvironments } from './names';
import { PipelinePlan } from './planModel';
import { planOfStage } from './stages';
import { awsTrustFiles } from './trustAws';
import { workflowsOf } from './workflows';

/** A subject that tokens of a job will have, and what the job wants with them. */
export interface Subject {
  /** The claim `sub`, such as `repo:example-org/vvp:environment:production-verifier`. */
  subject: string;
  workflow: string;
  job: string;
  cloud: 'azure' | 'aws';
  /** Whether it is bound to an environment, and so held by its protection. */
  isProtected: boolean;
}

/** Folder of what Azure has to trust. */
const FOLDER = 'deploy/azure';

const LOGINS: Readonly<Record<string, Subject['cloud']>> = {
  'azure/login': 'azure',
  'aws-actions/configure-aws-credentials': 'aws',
};

/**
 * The subjects of the tokens with which jobs log in to a cloud. GitHub names the environment if the job has one, else
 * that it is a pull request, else the branch
 * (https://docs.github.com/actions/reference/security/oidc#oidc-token-claims). Branches given by a glob have no
 * subject that could be told beforehand.
 */
export function subjectsOf(plan: PipelinePlan): Subject[] {
  return [...workflowsOf(plan)].flatMap(([workflow, { on, jobs }]) =>
    Object.entries(jobs).flatMap(([key, job]) => {
      const cloud = cloudOf(job);
      return cloud === undefined
        ? []
        : claimsOf(plan, { workflow, key, job, on }).map(claim => ({
            subject: `repo:${plan.settings.repository}:${claim}`,
            workflow,
            job: key,
            cloud,
            isProtected: job.environment !== undefined,
          }));
    }),
  );
}

/** The cloud that a job logs in to. */
function cloudOf({ steps }: Job): Subject['cloud'] | undefined {
  return steps.map(({ uses = '' }) => LOGINS[uses]).find(cloud => cloud);
}

function claimsOf(
  plan: PipelinePlan,
  {
    workflow,
    key,
    job,
    on,
  }: { workflow: string; key: string; job: Job; on: Workflow['on'] },
): string[] {
  if (job.environment) {
    const group = plan.groups.find(
      one => one.job === key && one.workflow === workflow,
    );
    return (
      group ? githubEnvironments(plan, group) : [job.environment.name]
    ).map(name => `environment:${name}`);
  }
  return Object.keys(on).join() === 'pull_request'
    ? ['pull_request']
    : branchesOfJob(plan, { workflow, key, on })
        .filter(branch => !branch.includes('*'))
        .map(branch => `ref:refs/heads/${branch}`);
}

/** Where a job without an environment runs: one that builds an image no further than what runs the image. */
function branchesOfJob(
  plan: PipelinePlan,
  { workflow, key, on }: { workflow: string; key: string; on: Workflow['on'] },
): string[] {
  const stage = plan.stages.find(one => one.workflow === workflow);
  if (!stage) {
    return branchesOf(plan, on);
  }
  const built = groupsOfImage(planOfStage(plan, stage), key);
  const branches = built.flatMap(({ allowed }) => allowed.branches);
  return built.length > 0 ? [...new Set(branches)] : stage.allowed.branches;
}

/** What a workflow besides those that deploy runs on: by night, that is the default branch. */
function branchesOf({ settings }: PipelinePlan, on: Workflow['on']): string[] {
  const { push } = on as { push?: { branches?: string[] } };
  return [...new Set([...settings.branches, ...(push?.branches ?? [])])];
}

/** What each cloud has to trust. */
export function trustFiles(plan: PipelinePlan): GeneratedFile[] {
  const subjects = subjectsOf(plan);
  return [
    ...azureTrustFiles(
      plan,
      subjects.filter(({ cloud }) => cloud === 'azure'),
    ),
    ...awsTrustFiles(
      plan,
      subjects.filter(({ cloud }) => cloud === 'aws'),
    ),
  ];
}

/**
 * A federated credential of Microsoft Entra ID for each subject
 * (https://learn.microsoft.com/graph/api/resources/federatedidentitycredential), and how to apply them.
 */
function azureTrustFiles(
  plan: PipelinePlan,
  subjects: readonly Subject[],
): GeneratedFile[] {
  if (subjects.length === 0) {
    return [];
  }
  const bySubject = new Map<string, Subject[]>();
  for (const one of subjects) {
    bySubject.set(one.subject, [...(bySubject.get(one.subject) ?? []), one]);
  }
  const credentials = [...bySubject].map(([subject, users]) => ({
    users,
    name: nameOfSubject(subject),
    body: {
      name: nameOfSubject(subject),
      issuer: 'https://token.actions.githubusercontent.com',
      subject,
      description: `Jobs: ${users.map(({ job }) => job).join(', ')}`.slice(
        0,
        600,
      ),
      audiences: ['api://AzureADTokenExchange'],
    },
  }));
  return [
    ...credentials.map(({ name, body }) => ({
      path: `${FOLDER}/federated-credentials/${name}.json`,
      content: `${JSON.stringify(body, null, 2)}\n`,
    })),
    { path: `${FOLDER}/README.md`, content: explain(plan, credentials) },
  ];
}

/** Characters that a credential's name may have. */
const LONGEST_NAME = 120;

/**
 * What a credential is called: at most 120 letters, digits and hyphens. Where that does not tell all of the subject, a
 * hash of it ends the name, so that no two have one.
 */
export function nameOfSubject(subject: string): string {
  const claim = subject.split(':').slice(2).join(':');
  const plain = claim.replace(/[^A-Za-z0-9-]+/g, '-');
  const tellsAll =
    /^(pull_request|(environment:|ref:refs\/heads\/)?[A-Za-z0-9-]+)$/;
  if (tellsAll.test(claim) && plain.length <= LONGEST_NAME) {
    return plain;
  }
  const hash = createHash('sha256').update(claim).digest('hex').slice(0, 8);
  return `${plain.slice(0, LONGEST_NAME - hash.length - 1)}-${hash}`;
}

function explain(
  { settings }: PipelinePlan,
  credentials: readonly {
    name: string;
    users: readonly Subject[];
    body: { subject: string };
  }[],
): string {
  const rows = credentials.map(({ name, users, body }) =>
    [
      `\`${name}.json\``,
      `\`${body.subject}\``,
      users.map(({ job }) => `\`${job}\``).join(', '),
      users[0].isProtected
        ? 'the identity that deploys: its targets, reading the registry'
        : 'the identity that builds and tests: pushing images, nothing that runs',
    ].join(' | '),
  );
  return `# What Azure trusts

The jobs of \`${
    settings.repository
  }\` log in without a password: GitHub signs a token that names the repository and the
environment or branch, and Entra ID takes it for one of these subjects only.

Two identities are better than one. Put the client ID of the one that deploys into each _environment_ at GitHub, and
that of the one that builds into the repository: both secrets are called \`AZURE_CLIENT_ID\`, and a job with an
environment gets its environment's.

| file | subject | jobs | needs |
| --- | --- | --- | --- |
${rows.map(row => `| ${row} |`).join('\n')}

\`\`\`sh
az ad app federated-credential create --id <client ID> --parameters @federated-credentials/<file>
\`\`\`
`;
}
