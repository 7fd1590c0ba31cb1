import { checkAddress } from './checkAddress';
import { checkCompose } from './checkCompose';
import { checkContainerApps } from './checkContainerApps';
import { checkDeploys } from './checkDeploys';
import { checkEcs } from './checkEcs';
import { checkImageNames } from './checkImageNames';
import { checkImages } from './checkImages';
import { checkKubernetes } from './checkKubernetes';
import { checkMachines } from './checkMachines';
import { checkRepositoryTests } from './checkRepositoryTests';
import { checkSchedules } from './checkSchedules';
import { checkStages } from './checkStages';
import { checkTestKeys } from './checkTestKeys';
import { checkTexts } from './checkTexts';
import { PipelineDocument } from './schema';
import { quote, suggest } from './suggest';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

/** Checks what generated workflows are made of: names that must exist, orders without a circle, one owner for each thing. */
export function checkPipeline(
  document: PipelineDocument,
  report: Report,
): void {
  checkTexts(document, report);
  checkRepositoryTests(document, report);
  checkStages(document, report);
  checkTestKeys(document, report);
  checkTestedBy(document, report);
  checkDatabases(document, report);
  checkMachines(document, report);
  checkImages(document, report);
  checkImageNames(document, report);
  checkEcs(document, report);
  checkCompose(document, report);
  checkKubernetes(document, report);
  checkContainerApps(document, report);
  checkDeploys(document, report);
  checkSchedules(document, report);
  checkAddresses(document, report);
}

/** Addresses that jobs ask or post to; those of services are checked with them. */
function checkAddresses({ spec }: PipelineDocument, report: Report): void {
  checkAddress(spec.pipeline?.portal, ['spec', 'pipeline', 'portal'], report);
  for (const [key, { results, waitFor }] of Object.entries(spec.tests ?? {})) {
    const path = ['spec', 'tests', key];
    checkAddress(results?.url, [...path, 'results', 'url'], report);
    waitFor?.forEach((url, index) =>
      checkAddress(url, [...path, 'waitFor', String(index)], report),
    );
  }
  for (const [key, { environments }] of Object.entries(spec.services)) {
    for (const [name, { deploy }] of Object.entries(environments)) {
      checkAddress(
        deploy?.metric?.url,
        [
          ...['spec', 'services', key, 'environments', name],
          ...['deploy', 'metric', 'url'],
        ],
        report,
      );
    }
  }
}

function checkTestedBy({ spec }: PipelineDocument, report: Report): void {
  const services = Object.keys(spec.services);
  for (const [key, { testedBy = [] }] of Object.entries(spec.services)) {
    testedBy.forEach((other, index) => {
      const tested = Object.hasOwn(spec.services, other)
        ? spec.services[other]
        : undefined;
      if (other === key || !tested?.test) {
        report(
          ['spec', 'services', key, 'testedBy', String(index)],
          tested
            ? `the service ${quote(other)} ${
                other === key ? 'is this one' : 'has no "test"'
              }`
            : `there is no service ${quote(other)}`,
          suggest(
            other,
            services.filter(name => name !== key && spec.services[name].test),
          ),
        );
      }
    });
  }
}

function checkDatabases({ spec }: PipelineDocument, report: Report): void {
  const runs = [
    ...Object.entries(spec.services).map(
      ([key, { test }]) => [['spec', 'services', key, 'test'], test] as const,
    ),
    ...Object.entries(spec.tests ?? {}).map(
      ([key, tests]) => [['spec', 'tests', key], tests] as const,
    ),
  ];
  for (const [path, run] of runs) {
    (run?.databases ?? []).forEach(({ type }, index, all) => {
      if (all.findIndex(other => other.type === type) < index) {
        report(
          [...path, 'databases', String(index)],
          `there are two databases of the type ${type}, which would take the same port`,
          'Keep one of them.',
        );
      }
    });
  }
}
