import { Report } from './checkGateRule';
import { PipelineDocument } from './schema';
import { quote } from './suggest';

/** In a name between slashes. With each more, a matcher tries a power more of ways. */
const MAX_STARS = 2;

/** Segments `**` of a glob. */
const MAX_FOLDER_STARS = 3;

/** Between the outermost braces stands what a matcher would make several globs of. */
function hasAlternatives(glob: string): boolean {
  const first = glob.indexOf('{');
  const inner = first < 0 ? '' : glob.slice(first, glob.lastIndexOf('}') + 1);
  return inner.includes(',') || inner.includes('..');
}

/** What is wrong with a glob, as the end of a sentence, and what to do about it. */
export function globProblem(glob: string): [string, string] | undefined {
  const segments = glob.split('/');
  const stars = segments
    .filter(segment => segment !== '**')
    .map(segment => segment.split('*').length - 1);
  if (stars.some(count => count > MAX_STARS)) {
    return [
      `has more than ${MAX_STARS} * in a name between slashes`,
      'Write a name with fewer, such as *.test.*, or several globs.',
    ];
  }
  const folders = segments.filter(segment => segment === '**');
  if (folders.length > MAX_FOLDER_STARS) {
    return [
      `has more than ${MAX_FOLDER_STARS} **`,
      'Name the folders, or leave out all after the first **.',
    ];
  }
  if (hasAlternatives(glob)) {
    return ['has braces with alternatives', 'Write a glob for each of them.'];
  }
  if (/[?*+@!]\(/.test(glob)) {
    return [
      'has a pattern in parentheses',
      'Write a glob for each of what it stands for.',
    ];
  }
  return undefined;
}

/** Refuses globs that would keep whoever matches them busy for long. */
export function checkGlobs(document: PipelineDocument, report: Report) {
  const check = (globs: readonly string[] | undefined, path: string[]) =>
    globs?.forEach((glob, index) => {
      const problem = globProblem(glob);
      if (problem) {
        const [what, remedy] = problem;
        report(
          [...path, String(index)],
          `the glob ${quote(glob)} ${what}`,
          remedy,
        );
      }
    });
  const { evidence, services } = document.spec;
  check(evidence?.refs, ['spec', 'evidence', 'refs']);
  check(evidence?.workflows, ['spec', 'evidence', 'workflows']);
  for (const [key, service] of Object.entries(services)) {
    const path = ['spec', 'services', key];
    check(service.paths, [...path, 'paths']);
    check(service.sharedPaths, [...path, 'sharedPaths']);
    const { migrations } = service;
    check(migrations?.paths, [...path, 'migrations', 'paths']);
    check(migrations?.irreversible, [...path, 'migrations', 'irreversible']);
    for (const [name, { jobs }] of Object.entries(service.environments)) {
      const jobsPath = [...path, 'environments', name, 'jobs'];
      jobs?.forEach((job, index) =>
        check(job.branches, [...jobsPath, String(index), 'branches']),
      );
    }
  }
}
