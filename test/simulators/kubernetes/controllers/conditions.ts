import { now } from '../api/Store';

/** Sets a condition as the Deployment controller does: the same state and reason change nothing. */
export function setCondition(
  status: any,
  condition: { type: string; status: string; reason: string; message: string },
): void {
  const before = getCondition(status, condition.type);
  if (
    before?.status === condition.status &&
    before.reason === condition.reason
  ) {
    return;
  }
  const at = now();
  const lastTransitionTime =
    before?.status === condition.status ? before.lastTransitionTime : at;
  status.conditions = [
    ...(status.conditions ?? []).filter(
      (other: any) => other.type !== condition.type,
    ),
    {
      type: condition.type,
      status: condition.status,
      lastUpdateTime: at,
      lastTransitionTime,
      reason: condition.reason,
      message: condition.message,
    },
  ];
}

export function getCondition(status: any, type: string): any {
  return (status?.conditions ?? []).find(
    (condition: any) => condition.type === type,
  );
}

export function removeCondition(status: any, type: string): void {
  if (status.conditions) {
    status.conditions = status.conditions.filter(
      (condition: any) => condition.type !== type,
    );
  }
}
