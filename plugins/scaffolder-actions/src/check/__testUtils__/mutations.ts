/** A workflow as plain data. */
export interface Tree {
  [key: string]: any;
}

/** Another value at a place; undefined takes out what stands there. */
export interface Mutation {
  path: readonly string[];
  value: unknown;
}

interface Place {
  path: readonly string[];
  value: Tree;
}

function jobsIn({ jobs }: Tree): Place[] {
  return Object.entries(jobs as Tree).map(([key, value]) => ({
    path: ['jobs', key],
    value,
  }));
}

function stepsIn(workflow: Tree): Place[] {
  return jobsIn(workflow).flatMap(({ path, value: { steps = [] } }) =>
    (steps as Tree[]).map((value, index) => ({
      path: [...path, 'steps', String(index)],
      value,
    })),
  );
}

function jobsAndSteps(workflow: Tree): Place[] {
  return [...jobsIn(workflow), ...stepsIn(workflow)];
}

/** A change of one key wherever it stands. */
function ofKey(
  places: readonly Place[],
  key: string,
  others: (value: any) => unknown[],
): Mutation[] {
  return places
    .filter(({ value }) => value[key] !== undefined)
    .flatMap(({ path, value }) =>
      others(value[key]).map(other => ({ path: [...path, key], value: other })),
    );
}

/** One more under a key, which need not be there. */
function further(
  places: readonly Place[],
  key: string,
  more: Tree,
): Mutation[] {
  return places.map(({ path, value }) => ({
    path: [...path, key],
    value: { ...value[key], ...more },
  }));
}

function without<One>(list: readonly One[]): One[][] {
  return list.map((_, index) => list.filter((__, at) => at !== index));
}

/** What somebody could change of a workflow so that it does something else, by what that is. */
export const MUTATIONS: Readonly<
  Record<string, (workflow: Tree) => Mutation[]>
> = {
  'a need that is dropped': workflow =>
    ofKey(jobsIn(workflow), 'needs', needs =>
      Array.isArray(needs) && needs.length > 1
        ? without(needs)
        : [undefined, []],
    ),
  'a condition that is weakened': workflow =>
    ofKey(jobsAndSteps(workflow), 'if', condition => [
      undefined,
      'always()',
      `true || (${condition})`,
      `\${{ always() || (${condition}) }}`,
      ...(condition.includes(' && ')
        ? [
            condition.replaceAll(' && ', ' || '),
            condition.slice(condition.indexOf(' && ') + 4),
          ]
        : []),
    ]),
  'a condition that never holds': workflow =>
    jobsAndSteps(workflow).map(({ path }) => ({
      path: [...path, 'if'],
      value: false,
    })),
  'a permission more': workflow => [
    ...further(jobsIn(workflow), 'permissions', { actions: 'write' }),
    ...further(jobsIn(workflow), 'permissions', { contents: 'write' }),
    ...jobsIn(workflow).flatMap(({ path }) => [
      { path: [...path, 'permissions'], value: 'write-all' },
      { path: [...path, 'permissions'], value: undefined },
    ]),
    { path: ['permissions'], value: 'write-all' },
    { path: ['permissions'], value: undefined },
  ],
  'an action that is not pinned': workflow =>
    ofKey(stepsIn(workflow), 'uses', (uses: string) => {
      const [action] = uses.split('@');
      return [
        action,
        `${action}@v4`,
        `${action}@main`,
        `${action}@${'0'.repeat(40)}`,
      ];
    }),
  'the action of somebody else': workflow =>
    ofKey(stepsIn(workflow), 'uses', (uses: string) => [
      uses.replace(/^[^/]+/, 'somebody'),
    ]),
  'another time limit': workflow =>
    ofKey(jobsIn(workflow), 'timeout-minutes', minutes => [
      minutes + 1,
      360,
      undefined,
    ]),
  'a secret more': workflow => [
    { path: ['env', 'EXTRA'], value: '${{ secrets.EXTRA }}' },
    ...further(jobsAndSteps(workflow), 'env', {
      EXTRA: '${{ secrets.EXTRA }}',
    }),
  ],
  'another value of a variable': workflow =>
    jobsAndSteps(workflow).flatMap(({ path, value: { env = {} } }) =>
      Object.entries(env as Tree).map(([name, value]) => ({
        path: [...path, 'env', name],
        value: `${value}x`,
      })),
    ),
  'another input of an action': workflow =>
    stepsIn(workflow).flatMap(({ path, value: { with: inputs = {} } }) =>
      Object.keys(inputs as Tree).map(name => ({
        path: [...path, 'with', name],
        value: undefined,
      })),
    ),
  'steps in another order': workflow =>
    ofKey(jobsIn(workflow), 'steps', (steps: Tree[]) =>
      steps
        .slice(1)
        .map((_, at) => [
          ...steps.slice(0, at),
          steps[at + 1],
          steps[at],
          ...steps.slice(at + 2),
        ]),
    ),
  'a step less': workflow => ofKey(jobsIn(workflow), 'steps', without),
  'a step more': workflow =>
    ofKey(jobsIn(workflow), 'steps', (steps: Tree[]) => [
      [...steps, { run: 'true' }],
      [{ run: 'true' }, ...steps],
    ]),
  'a job less': workflow =>
    jobsIn(workflow).map(({ path }) => ({ path, value: undefined })),
  'a job more': workflow =>
    jobsIn(workflow).map(({ value }) => ({
      path: ['jobs', 'zz-more'],
      value,
    })),
  'a command more': workflow =>
    ofKey(stepsIn(workflow), 'run', script => [
      `${script}\ntrue`,
      `true; ${script}`,
      `${script} || true`,
    ]),
  'a failure that counts for nothing': workflow =>
    jobsAndSteps(workflow)
      .filter(({ value }) => value['continue-on-error'] !== true)
      .map(({ path }) => ({
        path: [...path, 'continue-on-error'],
        value: true,
      })),
  'another machine': workflow =>
    ofKey(jobsIn(workflow), 'runs-on', () => ['self-hosted', ['self-hosted']]),
  'another environment': workflow =>
    ofKey(jobsIn(workflow), 'environment', environment => [
      undefined,
      environment.name,
      { ...environment, name: 'unprotected' },
    ]),
  'no queue': workflow => [
    ...ofKey(jobsIn(workflow), 'concurrency', concurrency => [
      undefined,
      { ...concurrency, 'cancel-in-progress': true },
      { ...concurrency, group: 'other' },
    ]),
  ],
  'another trigger': ({ on }) => [
    { path: ['on', 'pull_request_target'], value: {} },
    { path: ['on'], value: { ...on, push: { branches: ['**'] } } },
    ...Object.keys(on).map(event => ({
      path: ['on', event],
      value: undefined,
    })),
  ],
  'another shell': workflow =>
    stepsIn(workflow)
      .filter(({ value }) => value.run !== undefined)
      .map(({ path }) => ({ path: [...path, 'shell'], value: 'sh' })),
  'a container to run in': workflow =>
    jobsIn(workflow).map(({ path }) => ({
      path: [...path, 'container'],
      value: 'somebody/image',
    })),
};

/** A copy of a workflow with another value in it. */
export function mutated(workflow: Tree, { path, value }: Mutation): Tree {
  const copy = structuredClone(workflow);
  const holder = path.slice(0, -1).reduce<Tree>((found, key) => {
    found[key] ??= {};
    return found[key];
  }, copy);
  const last = path[path.length - 1];
  if (value === undefined) {
    delete holder[last];
  } else {
    holder[last] = value;
  }
  return copy;
}
