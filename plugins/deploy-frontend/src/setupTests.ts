import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';
import { computedStyle } from './__testUtils__/computedStyle';

window.getComputedStyle = computedStyle;

// No test is about time: a machine that is busy with others may take its own.
jest.setTimeout(240_000);
configure({ asyncUtilTimeout: 60_000 });
