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

/** What a job reports to the portal. */
export function reportsOf(job: JobView): Report[] {
  return stepsWith(job, 'report-evidence.sh').map(step => {
    const suite = String(step.at('env', 'SUITE')?.value ?? '');
    const environment = step.variable('ENVIRONMENT');
    const mode = step.variable('MODE');
    return {
      suite: suite.replace(/(-\$\{\{ matrix\.[\w-]+ \}\})+$/, ''),
      entities: (step.variable('ENTITIES')?.value ?? '').split(' '),
      files: step.under('env').flatMap(({ path }) => {
        const [, type] = /^([A-Z]+)_REPORT$/.exec(path[5]) ?? [];
        const told = step.variable(path[5]);
        return type && told
          ? [{ ...told, value: { type: type.toLowerCase(), file: told.value } }]
          : [];
      }),
      ...(environment && { environment }),
      ...(mode && { mode }),
      leaves: step.variable('ENTITIES')?.leaves ?? [],
    };
  });
}

/** What a job keeps at GitHub, whatever became of its tests. */
export function keptOf(job: JobView): {
  name: string;
  files: string[];
  leaves: readonly Leaf[];
} {
  const step = job.steps.find(({ uses }) => uses === 'actions/upload-artifact');
  const paths = step?.input('path');
  return {
    name: step?.input('name')?.value ?? '',
    files: (paths?.value ?? '')
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== ''),
    leaves: paths?.leaves ?? [],
  };
}

/** The steps of a job that call a script of this tool. */
export function stepsWith(job: JobView, script: string): StepView[] {
  return job.steps.filter(step => step.script?.name === script);
}
