export * from './freezeWindowId';
export * from './judgeReadiness';
export * from './types';
export { voiceProblem } from './voiceProblem';
export type { VoiceFacts } from './voiceProblem';
