import { Revision } from '@azure/arm-appcontainers';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { belongsTo } from './revisionName';
import { AppState } from './traffic';

/**
 * The revision of an app. Names that no revision of the app can have are refused before Azure is asked.
 *
 * @param read - how the app stands
 */
export async function requireRevision(
  app: string,
  revision: string,
  read: () => Promise<AppState>,
): Promise<{ state: AppState; found: Revision }> {
  if (!belongsTo(app, revision)) {
    throw notFound(app, revision);
  }
  const state = await read();
  const found = state.revisions.find(({ name }) => name === revision);
  if (!found) {
    throw notFound(app, revision);
  }
  return { state, found };
}

function notFound(app: string, revision: string): TargetError {
  return new TargetError(
    'not-found',
    `Revision ${revision} is not one of container app ${app}.`,
    { remedy: 'Choose one of its revisions; Azure removes the oldest.' },
  );
}
