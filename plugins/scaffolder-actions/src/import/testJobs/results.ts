import { posix } from 'node:path';
import { artifactPaths } from '../../generate/jobs/artifactPaths';
import { reportArtifacts } from '../../generate/names';
import { JobView } from '../source/JobView';
import { StepView } from '../source/StepView';
import { Leaf, Told } from '../types';

/** A report that a job hands to the portal. */
export interface Report {
  /** Without the values of a matrix. */
  suite: string;
  entities: string[];
  files: Told<{ type: string; file: string }>[];
  environment?: Told<string>;
  mode?: Told<string>;
  leaves: readonly Leaf[];
}

const SCRIPT = 'report-evidence.sh';

/** What a job reports to the portal, or has another one report. */
export function reportsOf(job: JobView): Report[] {
  const paths = artifactPaths(leftBy(job)?.files ?? []);
  const before = new Map([...paths].map(([file, path]) => [path, file]));
  const handedOver = job.reportedBy ? stepsWith(job.reportedBy, SCRIPT) : [];
  return [
    ...stepsWith(job, SCRIPT).map(step => reportOf(step, file => file)),
    ...handedOver.map(step => reportOf(step, file => before.get(file) ?? file)),
  ];
}

function reportOf(
  step: StepView,
  fileBefore: (file: string) => string,
): Report {
  const suite = String(step.at('env', 'SUITE')?.value ?? '');
  const environment = step.variable('ENVIRONMENT');
  const mode = step.variable('MODE');
  return {
    suite: suite.replace(/(-\$\{\{ matrix\.[\w-]+ \}\})+$/, ''),
    entities: (step.variable('ENTITIES')?.value ?? '').split(' '),
    files: step.under('env').flatMap(({ path }) => {
      const [, type] = /^([A-Z]+)_REPORT$/.exec(path[5]) ?? [];
      const told = step.variable(path[5]);
      const file = fileBefore(told?.value ?? '');
      return type && told
        ? [{ ...told, value: { type: type.toLowerCase(), file } }]
        : [];
    }),
    ...(environment && { environment }),
    ...(mode && { mode }),
    leaves: step.variable('ENTITIES')?.leaves ?? [],
  };
}

/** Entities that reports of a job are about, whoever hands them over. */
export function entitiesOf({ facts, reportedBy }: JobView): Told<string>[] {
  return [
    ...facts.all('entities'),
    ...(reportedBy?.facts.all('entities') ?? []),
  ];
}

/** Files that a job keeps at GitHub. */
interface Kept {
  name: string;
  files: string[];
  leaves: readonly Leaf[];
}

/** What a job keeps at GitHub for people, whatever became of its tests. */
export function keptOf(job: JobView): Kept {
  const [kept = { name: '', files: [], leaves: [] }] = artifactsOf(job).filter(
    one => !isLeft(job, one),
  );
  return kept;
}

/** What a job keeps for the one that reports. */
function leftBy(job: JobView): Kept | undefined {
  return artifactsOf(job).find(one => isLeft(job, one));
}

function isLeft({ key, reportedBy }: JobView, { name }: Kept): boolean {
  return (
    reportedBy !== undefined && name.startsWith(`${reportArtifacts(key)}-`)
  );
}

function artifactsOf(job: JobView): Kept[] {
  return job.steps
    .filter(({ uses }) => uses === 'actions/upload-artifact')
    .map(step => {
      const paths = step.input('path');
      return {
        name: step.input('name')?.value ?? '',
        files: (paths?.value ?? '')
          .split('\n')
          .filter(line => line.trim() !== '')
          .map(line => posix.normalize(line.trim())),
        leaves: paths?.leaves ?? [],
      };
    });
}

/** The steps of a job that call a script of this tool. */
export function stepsWith(job: JobView, script: string): StepView[] {
  return job.steps.filter(step => step.script?.name === script);
}
