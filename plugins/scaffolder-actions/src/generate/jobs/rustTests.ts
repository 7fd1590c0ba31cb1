import { quote } from '../expressions';
import { Step } from '../model';
import type { TestRun } from './runTests';
import { installCargoTools, setUpRust } from './tools';

/** What tests of Rust need: the compiler, and what it built before. */
export function rustSetUp(run: TestRun): Step[] {
  const { environment, directory } = run;
  return [
    setUpRust(environment.version ?? 'stable'),
    {
      name: 'Take what was built before',
      uses: 'Swatinem/rust-cache',
      with: { workspaces: directory },
    },
    ...(isMeasured(run) ? [installCargoTools(['cargo-tarpaulin'])] : []),
  ];
}

/** The tests themselves; where coverage is asked for, the program that measures it runs them. */
export function rustTest(run: TestRun, env: Record<string, string>): Step {
  return {
    name: 'Test',
    ...(Object.keys(env).length > 0 && { env }),
    'working-directory': run.directory,
    run: isMeasured(run)
      ? [
          'cargo tarpaulin --locked --out Xml --output-dir .',
          ...(run.coverageOf && run.coverageOf !== '.'
            ? [`--include-files ${quote(`${run.coverageOf}/*`)}`]
            : []),
          ...(run.minimum === undefined ? [] : [`--fail-under ${run.minimum}`]),
        ].join(' \\\n  ')
      : 'cargo test --locked',
  };
}

function isMeasured({ coverageOf, environment }: TestRun): boolean {
  return coverageOf !== undefined && environment.commands === undefined;
}
