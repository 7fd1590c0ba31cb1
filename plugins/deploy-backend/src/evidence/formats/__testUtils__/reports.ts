import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { ParsedReport, parseReport, ParseReportOptions } from '../parseReport';
import { CoverageReport, Report } from '../types';

const fixtures = resolve(__dirname, '../../../../../../test/fixtures/reports');

/** Path of a real report: `coverage/lcov/jest.info`. */
export function fixture(name: string): string {
  return resolve(fixtures, name);
}

/** The bytes of a text, in pieces of that size. */
export async function* bytesOf(
  content: string | Uint8Array,
  size = 64 * 1024,
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let from = 0; from < bytes.length; from += size) {
    yield bytes.subarray(from, from + size);
  }
}

/** Reads a text as a report. */
export async function parseText(
  content: string | Uint8Array,
  options?: ParseReportOptions,
): Promise<Report> {
  const { report } = await parseReport(bytesOf(content), options);
  return report;
}

/** Reads a real report. */
export function parseFixture(
  name: string,
  options?: ParseReportOptions,
): Promise<ParsedReport> {
  return parseReport(createReadStream(fixture(name)), options);
}

/** Reads a real coverage report. */
export async function parseCoverage(name: string): Promise<CoverageReport> {
  const { report } = await parseFixture(`coverage/${name}`);
  if (report.type !== 'coverage') {
    throw new Error(`${name} is of type ${report.type}`);
  }
  return report;
}
