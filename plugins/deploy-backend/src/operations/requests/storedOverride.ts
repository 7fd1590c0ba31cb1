import {
  OperationOverride,
  Override,
  Refusal,
} from '@vvp/backstage-plugin-deploy-common';

/** What was waived at the request stays waived, of freezes the windows of then; nothing else is. */
export function storedOverride({
  reason,
  waived,
}: OperationOverride): Override {
  const ofFreezes = waived.filter(({ freezes }) => freezes !== undefined);
  return {
    reason,
    allowed: true,
    codes: waived.map(({ code }) => code as Refusal['code']),
    ...(ofFreezes.length > 0 && {
      freezes: ofFreezes.flatMap(({ freezes }) => freezes ?? []),
    }),
  };
}
