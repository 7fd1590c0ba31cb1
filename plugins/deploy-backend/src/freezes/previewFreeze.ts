import { FreezePreview } from '@vvp/backstage-plugin-deploy-common';
import { checkWindow } from './checkWindow';
import { Span } from './windows/RecurringWindows';
import { windowsOf } from './windows/windowsOf';

const SHOWN = 5;

/**
 * The first windows that a freeze would have, the one that is open already included. Throws the InputError
 * with which setting it would be refused.
 */
export function previewFreeze(value: unknown, now: Date): FreezePreview {
  const { window } = checkWindow(value, now);
  const windows: Span[] = [];
  for (const one of windowsOf(window, now.getTime())) {
    windows.push(one);
    if (windows.length === SHOWN) {
      break;
    }
  }
  return {
    windows: windows.map(({ from, to }) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    })),
  };
}
