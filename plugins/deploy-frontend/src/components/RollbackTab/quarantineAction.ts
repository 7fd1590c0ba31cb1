import { RevisionEntry } from '@vvp/backstage-plugin-deploy-common';
import { releaseText } from '../../logic/revisions';
import {
  Action,
  liftQuarantine,
  liftRevisionQuarantine,
  Place,
  quarantine,
  quarantineRevision,
} from '../operations';

/**
 * What a row offers about its quarantine: it is of the release where that is known, else of the revision.
 *
 * @internal
 */
export function quarantineAction(
  place: Place,
  entry: RevisionEntry,
): { label: string; action: Action } | undefined {
  const { id, releaseId, quarantine: inForce } = entry;
  const release = releaseText(entry) ?? id;
  if (inForce?.revision) {
    return {
      label: 'Lift the quarantine…',
      action: liftRevisionQuarantine(place, inForce.revision, inForce.reason),
    };
  }
  if (inForce) {
    return releaseId
      ? {
          label: 'Lift the quarantine…',
          action: liftQuarantine(releaseId, release, inForce.reason),
        }
      : undefined;
  }
  return releaseId
    ? {
        label: 'Quarantine the release…',
        action: quarantine(releaseId, release),
      }
    : {
        label: 'Quarantine the revision…',
        action: quarantineRevision(place, id),
      };
}
