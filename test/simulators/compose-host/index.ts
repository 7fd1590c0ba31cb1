export { ComposeHost } from './ComposeHost';
export type { Fate, Invocation } from './ComposeHost';
export type { Behaviour } from './Docker';
