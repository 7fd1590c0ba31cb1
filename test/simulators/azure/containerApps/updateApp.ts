import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { JsonObject } from '@backstage/types';
import { ArmError } from '../arm/types';
import { mergePatch } from './mergePatch';
import {
  SimulatedApp,
  WireConfiguration,
  WireTemplate,
  WireTraffic,
} from './types';

/** What an update would make of an app; refused here is what Azure refuses at once. */
export interface PlannedUpdate {
  configuration: WireConfiguration;
  template: WireTemplate;
  tags: Record<string, string>;
  /** Name of the revision that the new template brings. */
  newRevision?: string;
  /** What Azure finds wrong only after it has answered 202. */
  lateError?: { code: string; message: string };
}

export function planUpdate(
  app: SimulatedApp,
  body: JsonObject,
  isImageThere: (image: string) => boolean,
): PlannedUpdate {
  const properties = (body.properties ?? {}) as JsonObject;
  if (
    typeof body.location === 'string' &&
    normaliseLocation(body.location) !== normaliseLocation(app.location)
  ) {
    throw new ArmError(
      400,
      'InvalidResourceLocation',
      `The resource '${app.name}' already exists in location '${app.location}'.`,
    );
  }
  const configuration = mergePatch(
    app.configuration,
    properties.configuration ?? {},
  ) as WireConfiguration;
  const template = mergePatch(
    app.template,
    properties.template ?? {},
  ) as WireTemplate;
  checkSecrets(configuration, template);
  const latest = app.revisions.find(({ name }) => name === app.latestRevision);
  const changed =
    properties.template !== undefined &&
    !isDeepStrictEqual(
      comparable(template),
      comparable(latest?.template ?? template),
    );
  const suffix = template.revisionSuffix ?? '';
  const given = (properties.template as JsonObject | undefined)?.revisionSuffix;
  const wantsName = typeof given === 'string' && given !== '';
  const lateError = lateProblem(app, template, {
    suffix: changed || wantsName ? suffix : '',
    unchanged: !changed,
    isImageThere,
  });
  const name = `${app.name}--${suffix || generatedSuffix(app)}`;
  const isNew =
    changed ||
    (wantsName && !app.revisions.some(revision => revision.name === name));
  checkTraffic(app, configuration, isNew ? name : undefined);
  return {
    configuration,
    template,
    tags: mergePatch(app.tags, body.tags ?? {}) as Record<string, string>,
    ...(isNew && !lateError && { newRevision: name }),
    ...(lateError && { lateError }),
  };
}

function checkSecrets(
  configuration: WireConfiguration,
  template: WireTemplate,
): void {
  const names = new Set(
    (configuration.secrets ?? []).map(secret => secret.name),
  );
  for (const container of template.containers) {
    for (const { secretRef } of container.env ?? []) {
      if (secretRef && !names.has(secretRef)) {
        throw new ArmError(
          400,
          'ContainerAppSecretRefNotFound',
          `SecretRef '${secretRef}' defined for container '${container.name}' not found.`,
        );
      }
    }
  }
}

/** As measured on Azure: accepted with 202, and failed after that; revisions stay as they are. */
function lateProblem(
  app: SimulatedApp,
  template: WireTemplate,
  options: {
    suffix: string;
    unchanged: boolean;
    isImageThere: (image: string) => boolean;
  },
): PlannedUpdate['lateError'] {
  const { suffix, unchanged, isImageThere } = options;
  const inUse = app.revisions.some(
    revision => revision.name === `${app.name}--${suffix}`,
  );
  if (suffix !== '' && inUse && !unchanged) {
    return operationError(
      `Field 'template.revisionsuffix' is invalid with details: 'Invalid value: "${suffix}": revision with suffix ${suffix} already exists.'`,
    );
  }
  if (
    suffix !== '' &&
    (!/^[a-z](-?[a-z0-9])*$/.test(suffix) ||
      `${app.name}--${suffix}`.length > 54)
  ) {
    return operationError(
      `Field 'template.revisionsuffix' is invalid with details: 'Invalid value: "${suffix}"'`,
    );
  }
  const missing = template.containers.find(({ image }) => !isImageThere(image));
  return missing && !unchanged
    ? operationError(
        `Field 'template.containers.${missing.name}.image' is invalid with details: 'Invalid value: "${missing.image}": GET https: MANIFEST_UNKNOWN: manifest is not found'`,
      )
    : undefined;
}

function operationError(details: string): { code: string; message: string } {
  return {
    code: 'ContainerAppOperationError',
    message: `Failed to provision revision for container app. Error details: The following field(s) are either invalid or missing. ${details}.`,
  };
}

function checkTraffic(
  app: SimulatedApp,
  configuration: WireConfiguration,
  newRevision: string | undefined,
): void {
  if (
    configuration.activeRevisionsMode === 'Single' ||
    !configuration.ingress
  ) {
    return;
  }
  const traffic: WireTraffic[] = configuration.ingress.traffic ?? [];
  const known = new Set([
    ...app.revisions.map(revision => revision.name),
    ...(newRevision === undefined ? [] : [newRevision]),
  ]);
  const labels = traffic.flatMap(entry => entry.label ?? []);
  const problem =
    traffic.find(
      entry => !entry.latestRevision && !known.has(entry.revisionName ?? ''),
    ) ??
    traffic.find(entry => (entry.weight ?? 0) < 0 || (entry.weight ?? 0) > 100);
  const sum = traffic.reduce((total, entry) => total + (entry.weight ?? 0), 0);
  if (
    problem ||
    (traffic.length > 0 && sum !== 100) ||
    new Set(labels).size !== labels.length
  ) {
    throw new ArmError(
      400,
      'ContainerAppInvalidTrafficConfiguration',
      problem
        ? `The traffic names revision '${
            problem.revisionName ?? ''
          }', which does not exist, or an impossible weight.`
        : `The traffic weights add up to ${sum} instead of 100, or a label is there twice.`,
    );
  }
}

/** The suffix names a revision; it is not part of what it runs. */
function comparable({ revisionSuffix, ...rest }: WireTemplate): unknown {
  return JSON.parse(
    JSON.stringify(rest, (_, value) =>
      value === null || (Array.isArray(value) && value.length === 0)
        ? undefined
        : value,
    ),
  );
}

function generatedSuffix(app: SimulatedApp): string {
  const digest = createHash('sha256')
    .update(`${app.name} ${app.revisions.length}`)
    .digest('hex');
  return `g${digest.slice(0, 6)}`;
}

function normaliseLocation(location: string): string {
  return location.toLowerCase().replace(/ /g, '');
}
