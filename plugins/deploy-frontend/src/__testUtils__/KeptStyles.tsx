import {
  createGenerateClassName,
  jssPreset,
  StylesProvider,
} from '@material-ui/core/styles';
import { create, StyleSheet } from 'jss';
import { ReactNode } from 'react';

const jss = create(jssPreset());
const removeStyleSheet = jss.removeStyleSheet.bind(jss);
jss.removeStyleSheet = (sheet: StyleSheet) =>
  sheet.options.link ? removeStyleSheet(sheet) : jss;

const kept = {
  jss,
  sheetsCache: new Map(),
  generateClassName: createGenerateClassName({ seed: 'kept' }),
};

/**
 * Leaves the style sheets of components on the page from one test to the next: jsdom takes longer to parse them than
 * a test takes otherwise. Those that depend on the props of a component (which are linked) leave with it.
 *
 * @internal
 */
export function KeptStyles({ children }: { children: ReactNode }) {
  return <StylesProvider {...kept}>{children}</StylesProvider>;
}
