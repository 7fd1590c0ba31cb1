import { ConfigurationDifference } from './target';

/**
 * Answer of `GET E/configuration`: what a release changes in how its service runs in an environment, comes in
 * there and is let in, by `deploy.yaml` and the files that it names.
 *
 * @public
 */
export interface ConfigurationComparison {
  /** Commit of what runs there now; absent where nothing does, or that is not known. */
  from?: string;
  /** Commit of the release. */
  to: string;
  /**
   * - `known`: these are all differences.
   * - `partial`: there may be others; `message` says why.
   * - `unknown`: nothing could be compared; `message` says why.
   */
  state: 'known' | 'partial' | 'unknown';
  /** Settings, then files. */
  differences: ConfigurationDifference[];
  message?: string;
}
