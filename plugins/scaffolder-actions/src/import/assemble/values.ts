import { isPlain } from '../source/scope';
import { Leaf, Told } from '../types';

/** Only what is written down. */
export function plain<Value extends string | number>(
  told: { value: Value; leaves: readonly Leaf[] } | undefined,
): Told<Value> | undefined {
  return told && isPlain(String(told.value)) ? told : undefined;
}

/** A number that is written down. */
export function numeric(
  told: Told<string> | undefined,
): Told<number> | undefined {
  return told && /^\d+$/.test(told.value)
    ? { ...told, value: Number(told.value) }
    : undefined;
}
