import { Document, isMap, isScalar, parse, parseDocument, YAMLMap } from 'yaml';
import { isObject, type JsonObject } from '../json';

/** A job of a workflow that deploys, as `deploy.yaml` has it. */
export interface DeployingJob {
  workflow: string;
  job: string;
  matrix?: Record<string, string>;
  branches?: string[];
  commit?: string;
}

/** What of a `deploy.yaml` says who deploys what to where. */
export interface DeployedPlace {
  service: string;
  environment: string;
  target: JsonObject;
  jobs: DeployingJob[];
}

/** The environments of all services that have a target. */
export function readPlaces(deployYaml: string): DeployedPlace[] {
  const { services = {} } = parse(deployYaml)?.spec ?? {};
  return Object.entries<any>(services).flatMap(([service, { environments }]) =>
    Object.entries<any>(environments ?? {}).flatMap(
      ([environment, { target, jobs }]) =>
        isObject(target)
          ? [{ service, environment, target, jobs: jobs ?? [] }]
          : [],
    ),
  );
}

/** What a service that came later is deployed by, whose `deploy.yaml` names no job: the one that is generated for it. */
export function readGeneratedPlaces(deployYaml: string): DeployedPlace[] {
  const workflow = parse(deployYaml)?.spec?.pipeline?.workflow ?? 'deploy.yml';
  return readPlaces(deployYaml)
    .filter(({ jobs }) => jobs.length === 0)
    .map(place => ({
      ...place,
      jobs: [{ workflow, job: `deploy-${place.service}` }],
    }));
}

/** Has the environments asked for their version at `<base>/<repository>/<service>/<environment>`. */
export function withVersionUrls(
  deployYaml: string,
  base: string,
  repository: string,
): string {
  const document = parseDocument(deployYaml);
  for (const [service, environments] of mapsIn(document, 'environments')) {
    for (const { key, value } of environments.items) {
      const environment = isScalar(key) ? String(key.value) : '';
      if (isMap(value) && value.hasIn(['version', 'url'])) {
        value.setIn(
          ['version', 'url'],
          `${base}/${repository}/${service}/${environment}`,
        );
      }
    }
  }
  return document.toString({ lineWidth: 0 });
}

/** The map of that name in each service. */
function mapsIn(document: Document, name: string): [string, YAMLMap][] {
  const services = document.getIn(['spec', 'services']);
  return (isMap(services) ? services.items : []).flatMap(({ key, value }) => {
    const found = isMap(value) ? value.get(name) : undefined;
    return isScalar(key) && isMap(found)
      ? [[String(key.value), found] as [string, YAMLMap]]
      : [];
  });
}
