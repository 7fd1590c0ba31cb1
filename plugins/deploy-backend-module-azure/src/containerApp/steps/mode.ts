import { ContainerApp } from '@azure/arm-appcontainers';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { revisionsMode } from '../traffic';

/** The plan was made for the mode that the app had; somebody may have changed it since. */
export function requireMultiple(app: ContainerApp): void {
  if (revisionsMode(app) !== 'multiple') {
    throw changed('multiple');
  }
}

/** See {@link requireMultiple}. */
export function requireSingle(app: ContainerApp): void {
  if (revisionsMode(app) !== 'single') {
    throw changed('single');
  }
}

function changed(planned: string): TargetError {
  return new TargetError(
    'invalid',
    `The app is no longer in ${planned}-revision mode, for which this was planned.`,
    { remedy: 'Start the operation again.' },
  );
}
