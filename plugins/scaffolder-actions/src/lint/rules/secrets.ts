import { LocatedText, SourceNode } from '../../workflows/SourceNode';
import { WorkflowSource } from '../../workflows/WorkflowSource';
import { Rule, RuleFinding } from '../Finding';
import { isSecret, secretsIn } from './expressions';

/** Secrets go to the step that needs them, by its `env` or `with`. */
export const secretScope: Rule = {
  name: 'secret-scope',
  check: ({ root }) => [
    ...root.texts().flatMap(checkText),
    ...inheritedSecrets(root),
  ],
};

function checkText({ path, text, node }: LocatedText): RuleFinding[] {
  if (secretsIn(text).includes('*')) {
    return [
      {
        ...node.position,
        message: 'all secrets are handed over at once',
        remedy: 'Name those that are needed.',
      },
    ];
  }
  if (!isSecret(text) || isOfOneStep(path)) {
    return [];
  }
  const where = path[path.length - 1] === 'run' ? 'a script' : path.join('.');
  return [
    {
      ...node.position,
      message: `a secret stands in ${where}, where more than the step that needs it sees it`,
      remedy: "Move it into that step's env.",
    },
  ];
}

/** `jobs.<key>.steps.<n>.env|with`, the credentials of a container, and what a called workflow is given. */
function isOfOneStep(path: readonly string[]): boolean {
  const [first, , third, , fifth] = path;
  return (
    first === 'jobs' &&
    ((third === 'steps' && (fifth === 'env' || fifth === 'with')) ||
      third === 'secrets' ||
      path.includes('credentials'))
  );
}

function inheritedSecrets(root: SourceNode): RuleFinding[] {
  return (root.get('jobs')?.entries() ?? []).flatMap(({ value }) => {
    const handed = value.get('secrets');
    return handed?.text === 'inherit'
      ? [
          {
            ...handed.position,
            message: 'the called workflow gets every secret',
            remedy: 'Name those that it needs.',
          },
        ]
      : [];
  });
}

const STATIC_NAMES =
  /^(AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|AZURE_(CREDENTIALS|CLIENT_SECRET|PASSWORD)|ARM_CLIENT_SECRET|GOOGLE_(CREDENTIALS|APPLICATION_CREDENTIALS)|GCP_(SA_KEY|CREDENTIALS))(_[A-Z0-9_]+)?$/i;

const STATIC_INPUTS: Record<string, readonly string[]> = {
  'aws-actions/configure-aws-credentials': [
    'aws-access-key-id',
    'aws-secret-access-key',
  ],
  'azure/login': ['creds'],
  'google-github-actions/auth': ['credentials_json'],
};

/** No key to a cloud that works until somebody takes it back: OpenID Connect needs none. */
export const staticCredential: Rule = {
  name: 'static-credential',
  check: workflow => [...namedSecrets(workflow), ...staticInputs(workflow)],
};

const BY_TOKEN =
  'Have the cloud trust the tokens of this job (OpenID Connect), and remove the key.';

function namedSecrets({ root }: WorkflowSource): RuleFinding[] {
  return root.texts().flatMap(({ text, node }) =>
    [...new Set(secretsIn(text))]
      .filter(name => STATIC_NAMES.test(name))
      .map(name => ({
        ...node.position,
        message: `${name} is a key to the cloud that stays valid`,
        remedy: BY_TOKEN,
      })),
  );
}

function staticInputs({ jobs }: WorkflowSource): RuleFinding[] {
  return jobs.flatMap(({ steps }) =>
    steps.flatMap(({ uses, node }) => {
      const [action] = (uses?.text ?? '').split('@');
      return (STATIC_INPUTS[action.toLowerCase()] ?? []).flatMap(name => {
        const input = node.get('with')?.get(name);
        // Named by its secret already.
        return input && !secretsIn(input.text ?? '').some(isStaticName)
          ? [
              {
                ...input.position,
                message: `${action} is given a key that stays valid`,
                remedy: BY_TOKEN,
              },
            ]
          : [];
      });
    }),
  );
}

function isStaticName(name: string): boolean {
  return STATIC_NAMES.test(name);
}
