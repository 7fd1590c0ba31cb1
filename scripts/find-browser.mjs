import { findBrowser } from './lib/browser.mjs';

// For programs that cannot load ES modules, such as tests under jest.
console.log(JSON.stringify(await findBrowser()));
