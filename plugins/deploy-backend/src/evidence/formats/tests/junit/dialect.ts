/** What is peculiar to the tool that wrote a JUnit file. */
export interface Dialect {
  /** Name of the tool. */
  tool?: string;
  /**
   * Whether a case that is run again stands in its suite once more. Elsewhere a name that comes twice is two
   * cases (parameters cut short, tests of the same title): the second must not make up for the first.
   */
  retriesRepeat?: boolean;
  /** Whether lines of cases are counted from 0. */
  linesFromZero?: boolean;
  /** Whether `hostname` is the project, such as the browser. */
  hostnameIsProject?: boolean;
  /** Whether the name of a suite is its file. */
  nameIsFile?: boolean;
}

/** Where the name alone tells: of the root, or of pytest's only suite. */
const byName: ReadonlyMap<string, Dialect> = new Map([
  ['jest tests', { tool: 'Jest' }],
  ['vitest tests', { tool: 'Vitest', nameIsFile: true }],
  ['nextest-run', { tool: 'cargo-nextest' }],
  ['pytest tests', { tool: 'pytest', linesFromZero: true }],
  ['pytest', { tool: 'pytest', linesFromZero: true }],
]);

/** Some tools leave no name; the order of a suite's attributes is theirs alone. */
const byAttributes: ReadonlyMap<string, Dialect> = new Map([
  [
    'name,tests,skipped,failures,errors,timestamp,hostname,time',
    { tool: 'Gradle', retriesRepeat: true },
  ],
  [
    'name,timestamp,hostname,tests,failures,skipped,time,errors',
    { tool: 'Playwright', hostnameIsProject: true, nameIsFile: true },
  ],
]);

/**
 * The dialect that an opening tag shows; undefined if it shows none.
 *
 * @param attributes - in the order of the file
 */
export function dialectOf(
  attributes: Readonly<Record<string, string>>,
): Dialect | undefined {
  if (/surefire/.test(attributes['xsi:noNamespaceSchemaLocation'])) {
    return { tool: 'Maven Surefire' };
  }
  return (
    byName.get(attributes.name) ??
    byAttributes.get(Object.keys(attributes).join())
  );
}

/** Go's, known by a property of the suite: gotestsum repeats what it runs again. */
export function dialectOfGo(version: string): Dialect {
  const number = /^go(\d[\w.]*)/.exec(version)?.[1];
  return { tool: number ? `Go ${number}` : 'Go', retriesRepeat: true };
}
