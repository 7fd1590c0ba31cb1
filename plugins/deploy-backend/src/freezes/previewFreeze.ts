import { FreezePreview } from '@vvp/backstage-plugin-deploy-common';
import { checkWindow } from './checkWindow';
import { currentWindow, nextWindow, Span } from './windows/windowsOf';

const SHOWN = 5;

/**
 * The first windows that a freeze would have, the one that is open already included. Throws the InputError
 * with which setting it would be refused.
 */
export function previewFreeze(value: unknown, now: Date): FreezePreview {
  const { window } = checkWindow(value, now);
  const current = currentWindow(window, now.getTime());
  const windows: Span[] = current ? [current] : [];
  let at = current?.to ?? now.getTime();
  while (windows.length < SHOWN) {
    const next = nextWindow(window, at);
    if (!next) {
      break;
    }
    windows.push(next);
    at = next.to;
  }
  return {
    windows: windows.map(({ from, to }) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    })),
  };
}
