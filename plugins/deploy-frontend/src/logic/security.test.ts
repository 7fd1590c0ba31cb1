import { Finding, Severity } from '@vvp/backstage-plugin-deploy-common';
import {
  sampleDetail,
  sampleEvidence,
  sampleSummaries,
} from '../__testUtils__/evidenceSamples';
import { openFindings, scanText, sortFindings } from './security';

function finding(ruleId: string, severity: Severity, suppressed = false) {
  return {
    ruleId,
    title: ruleId,
    severity,
    category: 'code',
    suppressed,
  } satisfies Finding;
}

describe('sortFindings', () => {
  it('puts the worst of all scans first, and what is suppressed last', () => {
    const report = sampleEvidence({ summary: sampleSummaries.security() });
    const reports = [
      sampleDetail(report, {
        findings: [finding('a', 'critical', true), finding('b', 'low')],
      }),
      sampleDetail(report, { findings: [finding('c', 'high')] }),
      sampleDetail(report),
    ];

    expect(sortFindings(reports).map(each => each.finding.ruleId)).toEqual([
      'c',
      'b',
      'a',
    ]);
  });
});

describe('openFindings', () => {
  it('adds up the scans', () => {
    const scan = sampleEvidence({ summary: sampleSummaries.security() });
    const tests = sampleEvidence({ summary: sampleSummaries.test() });

    expect(openFindings([scan, scan, tests])).toEqual({
      critical: 0,
      high: 2,
      medium: 4,
      low: 0,
      info: 0,
    });
  });
});

describe('scanText', () => {
  it.each([
    [{ tool: 'Trivy 0.53.0', suite: 'image' }, 'Trivy 0.53.0 (image)'],
    [{ tool: 'Trivy 0.53.0' }, 'Trivy 0.53.0'],
    [{ suite: 'image' }, 'image'],
    [{}, '(sarif)'],
  ])('names %j as %s', (part, text) => {
    const summary = sampleSummaries.security();

    expect(scanText(sampleEvidence({ summary, ...part }))).toBe(text);
  });
});
