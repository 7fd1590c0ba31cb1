import { condition, Judge, nameOf } from './common';

/** Only where the pipeline asks the portal. */
export const judgePipeline: Judge = ({ pipeline, environment, release }) => {
  if (!pipeline) {
    return [];
  }
  return [
    condition({
      kind: 'pipeline',
      title: 'Pipeline',
      state: pipeline.waits ? 'met' : 'pending',
      reason: pipeline.waits
        ? `A run of the pipeline waits at ${environment.name}.`
        : `No run of the pipeline waits at ${environment.name} with ${nameOf(
            release,
          )}. It is let in as soon as one asks.`,
      clearedBy: {
        how:
          pipeline.remedy ??
          'Start the pipeline for this release, or wait until it gets there.',
      },
    }),
  ];
};
