import { hashedNumber } from '../../state/Ids';
import { timestamp } from '../../state/time';
import { escapeXml } from './xml';

export interface FailedCase {
  name: string;
  message: string;
  trace: string;
}

/** A JUnit report as pytest writes it. */
export function writeJunit(options: {
  suite: string;
  /** Dotted module of each case's class. */
  className: string;
  cases: string[];
  failed?: FailedCase[];
  skipped?: string[];
  time: number;
}): string {
  const failed = new Map((options.failed ?? []).map(one => [one.name, one]));
  const skipped = new Set(options.skipped ?? []);
  let seconds = 0;
  const cases = options.cases.map(name => {
    const time = hashedNumber(name, 5, 900) / 1000;
    seconds += time;
    const open = `<testcase classname="${escapeXml(
      options.className,
    )}" name="${escapeXml(name)}" time="${time.toFixed(3)}"`;
    const failure = failed.get(name);
    if (failure) {
      return `${open}><failure message="${escapeXml(
        failure.message,
      )}">${escapeXml(failure.trace)}</failure></testcase>`;
    }
    return skipped.has(name)
      ? `${open}><skipped type="pytest.skip" message="not on this network"/></testcase>`
      : `${open}/>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="${escapeXml(
    options.suite,
  )}" errors="0" failures="${failed.size}" skipped="${skipped.size}" tests="${
    options.cases.length
  }" time="${seconds.toFixed(3)}" timestamp="${timestamp(
    options.time,
  )}" hostname="runner">
${cases.join('\n')}
</testsuite></testsuites>
`;
}
