import { InputError } from '@backstage/errors';

export type SarifLevel = 'none' | 'note' | 'warning' | 'error';

/** @throws InputError that names the place, if it is there and not one of SARIF's levels */
export function readLevel(
  value: unknown,
  where: string,
): SarifLevel | undefined {
  switch (value) {
    case undefined:
    case null:
      return undefined;
    case 'none':
    case 'note':
    case 'warning':
    case 'error':
      return value;
    default:
      throw new InputError(
        `${where}: not one of error, warning, note and none`,
      );
  }
}
