import { atomsOf, Condition, decided, World } from './Condition';

/** What starts a workflow, as far as it is told by branches and tags. */
export interface Triggers {
  events: readonly string[];
  /** Globs by event; undefined where it takes all of them. */
  branches: Readonly<Record<string, readonly string[] | undefined>>;
  tags: readonly string[] | undefined;
}

const EVENT = 'github.event_name';
const REF = 'github.ref';
const STARTED = 'github.event.workflow_run.head_branch';

/** A branch and a tag that nobody thought of. */
const OTHER = 'zz-other/zz';

/** Whether all of a condition is about what started the run. */
export function isAboutTriggers(condition: Condition): boolean {
  return atomsOf(condition).every(({ text, equal }) =>
    text === 'true' || text === 'false' || equal
      ? !equal || isKnown(equal.subject)
      : /^(startswith|endswith|contains)\((github\.(ref|ref_name|event_name|ref_type)|github\.event\.workflow_run\.head_branch), '[^']*'\)$/.test(
          text,
        ),
  );
}

function isKnown(subject: string): boolean {
  return [EVENT, REF, 'github.ref_name', 'github.ref_type', STARTED].includes(
    subject,
  );
}

/** Branches and tags that conditions name, as globs: what begins with something is all of that. */
export function refsNamed(conditions: readonly Condition[]): {
  branches: string[];
  tags: string[];
} {
  const atoms = conditions.flatMap(atomsOf);
  const find = (kind: 'heads' | 'tags', rest: string) => {
    const prefix = `refs/${kind}/`;
    const named = atoms.flatMap(({ text, equal }) => {
      if (equal?.subject === REF && equal.is.startsWith(prefix)) {
        return [equal.is.slice(prefix.length)];
      }
      if (equal && kind === 'heads' && isBranchName(equal.subject)) {
        return [equal.is];
      }
      const [, subject, begin] =
        /^startswith\(([\w.]+), '([^']*)'\)$/.exec(text) ?? [];
      if (subject === REF && begin.startsWith(prefix)) {
        return [`${begin.slice(prefix.length)}${rest}`];
      }
      return kind === 'heads' && isBranchName(subject ?? '')
        ? [`${begin}${rest}`]
        : [];
    });
    return [...new Set(named)];
  };
  return { branches: find('heads', '**'), tags: find('tags', '*') };
}

function isBranchName(subject: string): boolean {
  return subject === 'github.ref_name' || subject === STARTED;
}

/** One run for each way in which a workflow starts, with these branches and tags and such as nobody named. */
export function worldsOf(
  triggers: Triggers,
  refs: { branches: readonly string[]; tags: readonly string[] },
): World[] {
  const branches = [...refs.branches.map(instanceOf), OTHER];
  const tags = [...refs.tags.map(instanceOf), OTHER];
  return [
    ...new Map(
      triggers.events
        .flatMap(event => runsOf(triggers, event, branches, tags))
        .map(world => [JSON.stringify(world), world]),
    ).values(),
  ];
}

/** The runs of a push of a branch or tag, or of what stands for one. */
export function runsOf(
  triggers: Triggers,
  event: string,
  branches: readonly string[],
  tags: readonly string[],
): World[] {
  const own = branches.filter(branch =>
    isTaken(triggers.branches[event], branch),
  );
  switch (event) {
    case 'push':
      return [
        ...own.map(name => runOf(event, 'branch', name)),
        ...tags
          .filter(tag => isTaken(triggers.tags, tag))
          .map(name => runOf(event, 'tag', name)),
      ];
    case 'workflow_dispatch':
      return [
        ...branches.map(name => runOf(event, 'branch', name)),
        ...tags.map(name => runOf(event, 'tag', name)),
      ];
    case 'pull_request':
      return [
        {
          [EVENT]: event,
          [REF]: 'refs/pull/1/merge',
          'github.ref_name': '1/merge',
          'github.ref_type': 'branch',
          [STARTED]: '',
        },
      ];
    case 'workflow_run':
      return own.map(name => ({ [EVENT]: event, [STARTED]: name }));
    default:
      return [{ [EVENT]: event }];
  }
}

function runOf(event: string, kind: 'branch' | 'tag', name: string): World {
  return {
    [EVENT]: event,
    [REF]: `refs/${kind === 'branch' ? 'heads' : 'tags'}/${name}`,
    'github.ref_name': name,
    'github.ref_type': kind,
    [STARTED]: '',
  };
}

/** A name that a glob matches, and hardly any other one does. */
export function instanceOf(glob: string): string {
  return glob.replace(/\*\*/g, 'zz/zz').replace(/\*/g, 'zz');
}

function isTaken(globs: readonly string[] | undefined, name: string): boolean {
  return globs === undefined || globs.some(glob => matches(glob, name));
}

function matches(glob: string, name: string): boolean {
  const pattern = glob
    .split(/(\*\*|\*)/)
    .map(part => {
      switch (part) {
        case '**':
          return '.*';
        case '*':
          return '[^/]*';
        default:
          return part.replace(/[^\w/-]/g, '\\$&');
      }
    })
    .join('');
  return new RegExp(`^${pattern}$`).test(name);
}

/** Whether a run may come past conditions, for all that is known of it. */
export function mayPass(
  conditions: readonly Condition[],
  world: World,
): boolean {
  return conditions.every(one => decided(one, world) !== false);
}

/** What starts a workflow, by what tells of its events and their filters. */
export function triggersOf({
  events,
  list,
}: {
  events: readonly string[];
  list: (event: string, key: 'branches' | 'tags') => readonly string[];
}): Triggers {
  const tags = list('push', 'tags');
  // Of branches and tags, naming one of them leaves the other out.
  const of = (event: string) => {
    const branches = list(event, 'branches');
    return branches.length > 0 || (event === 'push' && tags.length > 0)
      ? branches
      : undefined;
  };
  return {
    events,
    branches: Object.fromEntries(events.map(event => [event, of(event)])),
    tags: tags.length > 0 || of('push') !== undefined ? tags : undefined,
  };
}
