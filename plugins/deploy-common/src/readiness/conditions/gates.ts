import { holdsEntry } from '../../gates';
import { ConditionState, GateResult, GateState } from '../../model';
import { deployWaivePermission } from '../../permissions';
import { condition, Judge } from './common';

const states: Record<Exclude<GateState, 'none'>, ConditionState> = {
  pass: 'met',
  fail: 'unmet',
  pending: 'pending',
  waived: 'waived',
};

function howToClear({ state }: GateResult): string {
  return state === 'pending'
    ? 'It clears once the report that it waits for has come in and passes; or somebody waives the gate.'
    : 'A report that passes clears it, or a waiver of this gate.';
}

/**
 * A gate is let pass by its waiver, which ends; not by an override. One that asks what is measured in the
 * environment itself waits until the release is there.
 */
export const judgeGates: Judge = ({ gates }) =>
  (gates?.results ?? []).flatMap(gate =>
    gate.state === 'none' || !holdsEntry(gate)
      ? []
      : [
          condition({
            kind: 'gate',
            name: gate.name,
            title: gate.title,
            state: states[gate.state],
            reason: gate.reason,
            since: gate.measuredAt,
            clearedBy: {
              how: howToClear(gate),
              permission: deployWaivePermission.name,
            },
          }),
        ],
  );
