import { LoggerService } from '@backstage/backend-plugin-api';

/** Says nothing: an engine that is killed has a lot to complain about. */
export const silentLogger: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silentLogger,
};
