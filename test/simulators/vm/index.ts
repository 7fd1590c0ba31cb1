export { Machine } from './Machine';
export type { ScriptResult, SimulatedUnit } from './Machine';
export type { JailKind } from './jail';
