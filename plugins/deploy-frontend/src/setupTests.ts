import '@testing-library/jest-dom';
import { computedStyle } from './__testUtils__/computedStyle';

window.getComputedStyle = computedStyle;

// Polls rest while nobody sees the page: they would come at another moment on each machine.
Object.defineProperty(document, 'hidden', {
  configurable: true,
  get: () => true,
});
