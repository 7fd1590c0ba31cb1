import { screen, within } from '@testing-library/react';

/**
 * Text that must be shown as it is.
 *
 * @internal
 */
export const hostile = '<img src=x onerror="alert(1)"> {{constructor}} \u202e';

/**
 * The section of a type of evidence.
 *
 * @internal
 */
export async function findSection(name: string) {
  return within(await screen.findByRole('region', { name }));
}

/**
 * What stands in the cells of a table, row by row, without its head.
 *
 * @internal
 */
export function rowsOf(table: HTMLElement): (string | null)[][] {
  return within(table)
    .getAllByRole('row')
    .slice(1)
    .map(row =>
      within(row)
        .getAllByRole('cell')
        .map(cell => cell.textContent),
    );
}
