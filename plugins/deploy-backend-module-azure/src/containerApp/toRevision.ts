import { Revision as AzureRevision } from '@azure/arm-appcontainers';
import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { releaseOf } from './container';
import { healthOf } from './readiness';
import { secretReferences } from './template';
import {
  AppState,
  hasIngress,
  revisionsMode,
  servingRevision,
  trafficShares,
} from './traffic';
import { ContainerAppSpec } from './types';

/** As many as the portal shows. */
const MOST = 100;

/** The revisions of an app, newest first; the one that serves is among them however old it is. */
export function toRevisions(
  state: AppState,
  spec: ContainerAppSpec,
): Revision[] {
  const serving = servingRevision(state);
  const revisions = state.revisions.map(revision =>
    toRevision(revision, state, spec),
  );
  const newest = revisions.slice(0, MOST);
  const missing = revisions.slice(MOST).find(({ id }) => id === serving);
  return missing ? [...newest.slice(0, MOST - 1), missing] : newest;
}

/** A revision as the portal knows it. */
export function toRevision(
  revision: AzureRevision,
  state: AppState,
  spec: ContainerAppSpec,
): Revision {
  const { app } = state;
  const id = revision.name ?? '';
  const current = id === servingRevision(state);
  const unavailable = current
    ? undefined
    : whyUnavailable(revision, secretNames(state));
  const share = trafficShares(state).find(part => part.revision === id);
  return {
    id,
    current,
    ...releaseOf(revision.template, spec),
    ...(revision.createdTime && {
      createdAt: revision.createdTime.toISOString(),
    }),
    // One that does not run has no health.
    ...(revision.active && {
      health: healthOf(revision, hasIngress(app)).state,
    }),
    ...(hasIngress(app) &&
      revisionsMode(app) === 'multiple' && {
        trafficPercent: share?.percent ?? 0,
      }),
    ...(unavailable !== undefined && { unavailable }),
  };
}

function whyUnavailable(
  revision: AzureRevision,
  secrets: ReadonlySet<string>,
): string | undefined {
  if (revision.provisioningState === 'Failed') {
    return 'Azure could not provision this revision.';
  }
  const missing = secretReferences(revision.template).filter(
    name => !secrets.has(name),
  );
  return missing.length > 0
    ? `The app no longer has the secrets that this revision refers to: ${missing.join(
        ', ',
      )}.`
    : undefined;
}

function secretNames({ app }: AppState): ReadonlySet<string> {
  return new Set(
    (app.configuration?.secrets ?? []).flatMap(({ name }) => name ?? []),
  );
}
