import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { parseReport } from '../../parseReport';
import { TestReport } from '../../types';
import { testFormats } from '..';

const fixtures = resolve(
  __dirname,
  '../../../../../../../test/fixtures/reports/tests',
);

export function fixturePath(file: string): string {
  return resolve(fixtures, file);
}

/** Reads a report of `test/fixtures/reports/tests` as an upload is read. */
export async function readFixture(file: string): Promise<TestReport> {
  const { report } = await parseReport(createReadStream(fixturePath(file)), {
    formats: testFormats,
  });
  return report as TestReport;
}

export async function readText(text: string): Promise<TestReport> {
  const { report } = await parseReport(Readable.from([Buffer.from(text)]), {
    formats: testFormats,
  });
  return report as TestReport;
}
