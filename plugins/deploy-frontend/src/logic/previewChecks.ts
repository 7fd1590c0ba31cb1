import { RollbackPreview } from '@vvp/backstage-plugin-deploy-common';
import { Check, differencesText } from './checks';
import { gatesText, gateTexts } from './gates';
import { countText } from './numbers';

/**
 * One thing to know before a rollback.
 *
 * @internal
 */
export interface PreviewCheck extends Check {
  key: string;
}

const changeWords = {
  added: 'comes back',
  removed: 'goes away',
  changed: 'changes',
};

/**
 * What a preview says besides the code: the worst first, then what is fine.
 *
 * @internal
 */
export function previewChecks(preview: RollbackPreview): PreviewCheck[] {
  const order: PreviewCheck['tone'][] = [
    'error',
    'attention',
    'neutral',
    'success',
  ];
  return [
    ...migrations(preview),
    artifact(preview),
    ...runs(preview),
    ...otherServices(preview),
    ...notRestored(preview),
    configuration(preview),
    ...gates(preview),
    ...problems(preview),
  ].sort((left, right) => order.indexOf(left.tone) - order.indexOf(right.tone));
}

function migrations({ migrations: found }: RollbackPreview): PreviewCheck[] {
  if (!found) {
    return [
      check(
        'migrations',
        'neutral',
        'Database migrations are not known: deploy.yaml names none, or a commit is not known.',
      ),
    ];
  }
  const { state, files, irreversible } = found;
  if (irreversible.length > 0) {
    return [
      check(
        'migrations',
        'error',
        `${countText(
          irreversible.length,
          'database migration',
        )} cannot be undone. The earlier release may not work with the database as it is now.`,
        irreversible,
      ),
    ];
  }
  if (state === 'unknown') {
    return [
      check(
        'migrations',
        'attention',
        'Whether a database migration lies between the two could not be found out.',
      ),
    ];
  }
  const partial = state === 'partial' ? ' There may be more.' : '';
  if (files.length > 0) {
    const stay =
      files.length === 1
        ? 'will stay: a rollback does not undo it.'
        : 'will stay: a rollback does not undo them.';
    return [
      check(
        'migrations',
        'attention',
        `${countText(files.length, 'database migration')} ${stay}${partial}`,
        files,
      ),
    ];
  }
  return [
    check(
      'migrations',
      partial ? 'attention' : 'success',
      `No database migration lies between the two.${partial}`,
    ),
  ];
}

function artifact({ artifact: found }: RollbackPreview): PreviewCheck {
  const why = found.message ? ` ${found.message}` : '';
  switch (found.state) {
    case 'present':
      return check('artifact', 'success', `What it runs is still there.${why}`);
    case 'missing':
      return check('artifact', 'error', `What it runs is gone.${why}`);
    default:
      return check(
        'artifact',
        'neutral',
        `Whether what it runs is still there is not known.${why}`,
      );
  }
}

function runs({ runsInFlight }: RollbackPreview): PreviewCheck[] {
  const { length } = runsInFlight;
  return length === 0
    ? [check('runs', 'success', 'No run of the pipeline is under way here.')]
    : [
        check(
          'runs',
          'attention',
          `${countText(
            length,
            'run',
          )} of the pipeline will be stopped, so that ${
            length === 1 ? 'it does' : 'they do'
          } not undo the rollback.`,
        ),
      ];
}

function otherServices({ sameRun }: RollbackPreview): PreviewCheck[] {
  return sameRun.length === 0
    ? []
    : [
        check(
          'same-run',
          'attention',
          'The same run deployed other services as well. They are left as they are: see whether they still work together.',
          sameRun.map(
            ({ entityRef, environment }) => `${entityRef} in ${environment}`,
          ),
        ),
      ];
}

function notRestored(preview: RollbackPreview): PreviewCheck[] {
  return preview.notRestored.length === 0
    ? []
    : [
        check(
          'not-restored',
          'attention',
          'A rollback does not bring back:',
          preview.notRestored,
        ),
      ];
}

function configuration({
  configuration: differences,
}: RollbackPreview): PreviewCheck {
  return differences.length === 0
    ? check('configuration', 'success', 'No name in the configuration differs.')
    : check(
        'configuration',
        'attention',
        differencesText(differences),
        differences.map(({ name, change }) => `${name} ${changeWords[change]}`),
      );
}

function gates({ gates: found }: RollbackPreview): PreviewCheck[] {
  if (!found || found.state === 'none') {
    return [];
  }
  const { tone } = gateTexts[found.state];
  return [
    check(
      'gates',
      tone === 'error' ? 'attention' : (tone as PreviewCheck['tone']),
      `${gatesText(found)} for the release that comes back, as they stand now.`,
      found.results
        .filter(({ state }) => state !== 'pass')
        .map(
          ({ title, state, reason }) =>
            `${title}: ${gateTexts[state].label}. ${reason}`,
        ),
    ),
  ];
}

function problems(preview: RollbackPreview): PreviewCheck[] {
  return preview.problems.length === 0
    ? []
    : [
        check(
          'problems',
          'neutral',
          'Could not be found out:',
          preview.problems,
        ),
      ];
}

function check(
  key: string,
  tone: PreviewCheck['tone'],
  text: string,
  details: string[] = [],
): PreviewCheck {
  return { key, tone, text, details };
}
