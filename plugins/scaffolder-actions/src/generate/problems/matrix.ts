import { differing, OWN_COLUMNS } from '../jobs/matrix';
import { imagesOf } from '../images/images';
import { targetImageOf } from '../images/targetImage';
import { buildsImageApart } from '../jobs/conditions';
import { isMatrix, names } from '../names';
import { directoryOf, Group, Placement, PlanProblem, Unit } from '../planModel';
import { targetKind } from '../targets';

const OWN_JOB = 'Give each service a job of its own.';

/** A job builds one image, for all environments of its workflow: so what was tested in one is what comes to the next. */
export function sharedImageProblems(groups: readonly Group[]): PlanProblem[] {
  const known = new Map<string, { group: Group; name: string }>();
  return groups.flatMap(group =>
    builtBefore(group).flatMap(({ job, name, inside }) => {
      const key = `${group.workflow} ${job}`;
      const first = known.get(key) ?? { group, name };
      known.set(key, first);
      return first.name === name
        ? []
        : [
            problemAt(
              group,
              group.placements[0],
              inside,
              `the job ${job} builds one image, which is ${first.name} in ${first.group.environment} and ${name} in ${group.environment}`,
              'Let both have the same image, such as one image.repository, or give the environments a workflow each.',
            ),
          ];
    }),
  );
}

/** Services that one job tests: it knows one kind of test, in one directory. */
export function testedAsOneProblems(units: readonly Unit[]): PlanProblem[] {
  return units
    .flatMap(({ tests }) => tests)
    .flatMap(({ job, services }) => {
      const [first, ...rest] = services.filter(({ test }) => test);
      const howOf = (service: typeof first) =>
        JSON.stringify([service.test, directoryOf(service)]);
      return rest
        .filter(service => howOf(service) !== howOf(first))
        .map(({ key }) => ({
          path: ['spec', 'services', key, 'test'],
          message: `${first.key} and ${key} come together somewhere, so ${job} tests them as one, and their tests are not the same or lie in different directories`,
          remedy:
            'Give both the same "test" with one "directory", or each a job of its own everywhere.',
        }));
    });
}

/** The images that jobs build before a group is deployed. */
function builtBefore(
  group: Group,
): { job: string; name: string; inside: string[] }[] {
  const own = imagesOf(group);
  if (own.length > 0 || !buildsImageApart(group)) {
    return own.map(({ job, image }) => ({
      job,
      name: image.repository,
      inside: [],
    }));
  }
  const job = names.image(group.key);
  const name = targetImageOf(group.placements[0]);
  return [{ job, name, inside: ['target', 'image'] }];
}

/** What the legs of one job have to share, since there is one job: its platform, its image, its tests; and what tells them apart. */
export function matrixProblems(groups: readonly Group[]): PlanProblem[] {
  return groups
    .filter(({ placements }) => placements.length > 1)
    .flatMap(group => {
      const shared = sharedJob(group);
      if (shared.length > 0 || !isMatrix(group)) {
        return shared;
      }
      return [
        ...differentParts(group),
        ...differentColumns(group),
        ...differentSettings(group),
      ];
    });
}

function problemAt(
  { environment }: Group,
  { service }: Placement,
  inside: readonly string[],
  message: string,
  remedy = OWN_JOB,
): PlanProblem {
  return {
    path: [
      ...['spec', 'services', service.key, 'environments', environment],
      ...inside,
    ],
    message,
    remedy,
  };
}

/** Most kinds of target take one service at a time, and none goes with another kind. */
function sharedJob(group: Group): PlanProblem[] {
  const [first, ...rest] = group.placements;
  const other = rest.find(({ target }) => target.type !== first.target.type);
  const alone = targetKind(first.target.type)?.isAlone ? rest[0] : undefined;
  const wrong = other ?? alone;
  return wrong
    ? [
        problemAt(
          group,
          wrong,
          [],
          other
            ? `the job ${group.job} deploys to ${first.target.type} and to ${wrong.target.type}`
            : `the job ${group.job} deploys several services to ${wrong.target.type}`,
        ),
      ]
    : [];
}

/** The image is built and tested once. */
function differentParts(group: Group): PlanProblem[] {
  const [first, ...rest] = group.placements;
  const imageOf = (placement: Placement) =>
    JSON.stringify([
      placement.service.image,
      placement.service.image?.repository === undefined
        ? targetImageOf(placement)
        : '',
    ]);
  const tested = group.placements.filter(({ service }) => service.test);
  return [
    ...rest
      .filter(leg => imageOf(leg) !== imageOf(first))
      .map(leg =>
        problemAt(
          group,
          leg,
          [],
          `the job ${group.job} builds one image, and those of ${first.service.key} and ${leg.service.key} differ`,
          'Give each service a job of its own, or both the same "image", also of the target.',
        ),
      ),
    ...tested
      .slice(1)
      .filter(
        ({ service }) =>
          JSON.stringify(service.test) !==
          JSON.stringify(tested[0].service.test),
      )
      .map(leg => ({
        ...problemAt(
          group,
          leg,
          [],
          `${group.job} deploys ${tested[0].service.key} and ${leg.service.key}, which are tested as one and have different tests`,
        ),
        path: ['spec', 'services', leg.service.key, 'test'],
      })),
  ];
}

/** Legs are called after their values: all have the same columns, and no two the same values. */
function differentColumns(group: Group): PlanProblem[] {
  const [first] = group.placements;
  const columns = Object.keys(first.matrix).sort().join(', ');
  const seen = new Map<string, string>();
  return group.placements.flatMap(leg => {
    const { service, matrix } = leg;
    const values = JSON.stringify(Object.entries(matrix).sort());
    const twin = seen.get(values);
    seen.set(values, service.key);
    const own = Object.entries(matrix).find(
      ([name, value]) =>
        OWN_COLUMNS.some(column => column === name.toLowerCase()) &&
        !(name === 'service' && value === service.key),
    );
    const problems: [boolean, string, string][] = [
      [
        twin !== undefined,
        `the job ${group.job} deploys ${twin} and ${service.key}, and no value of "matrix" tells them apart`,
        `${OWN_JOB} Or name what differs, such as matrix: {part: ${service.key}}.`,
      ],
      [
        Object.keys(matrix).sort().join(', ') !== columns,
        `the legs of ${group.job} have different names in "matrix"`,
        'Use the same names for each service of the job.',
      ],
      [
        own !== undefined,
        `the matrix of ${group.job} has a column "${own?.[0]}" by itself`,
        'Call this value something else.',
      ],
    ];
    return problems
      .filter(([is]) => is)
      .map(([, message, remedy]) =>
        problemAt(group, leg, ['jobs'], message, remedy),
      );
  });
}

/** GitHub puts no secret and no variable of an environment into a matrix, and an empty value is not the same as none. */
function differentSettings(group: Group): PlanProblem[] {
  return [...differing(group)].flatMap(([variable, values]) => {
    const [, kind, name = ''] = /^(SETTING|SECRET)_(.*)$/.exec(variable) ?? [];
    const missing = values.findIndex(value => value === undefined);
    const computed = values.findIndex(value => value?.includes('${{'));
    const leg = group.placements[missing < 0 ? computed : missing];
    if (!kind || !leg) {
      return [];
    }
    return [
      problemAt(
        group,
        leg,
        ['deploy', 'environment', name],
        missing >= 0
          ? `the job ${group.job} has "${name}" for some of its services as this, and not for ${leg.service.key}`
          : `the legs of ${group.job} get "${name}" from different places, which no matrix can say`,
        'Give each service a job of its own, or all of them the same value, or a text for each.',
      ),
    ];
  });
}
