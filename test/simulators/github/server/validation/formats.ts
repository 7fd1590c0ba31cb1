import addFormats from 'ajv-formats';
import type Ajv from 'ajv';

/** The formats that GitHub's descriptions name. */
export function addGithubFormats<T extends Ajv>(ajv: T): T {
  addFormats(ajv, ['date-time', 'email', 'uri-template', 'date', 'hostname']);
  // GitHub sends '' where it has no address, against its own `format: uri`.
  ajv.addFormat(
    'uri',
    (text: string) => text === '' || /^[a-z][a-z0-9+.-]*:\S+$/i.test(text),
  );
  for (const name of [
    'int32',
    'int64',
    'repo.nwo',
    'ipv4',
    'ipv6',
    'timezone',
  ]) {
    if (!ajv.formats[name]) ajv.addFormat(name, true);
  }
  return ajv;
}

/** Errors of a validation in words. */
export function describeErrors(
  errors:
    | ReadonlyArray<{
        instancePath: string;
        message?: string;
        params?: unknown;
      }>
    | null
    | undefined,
): string[] {
  return (errors ?? [])
    .slice(0, 10)
    .map(
      error =>
        `${error.instancePath || '/'} ${
          error.message ?? 'is wrong'
        } ${JSON.stringify(error.params ?? {})}`,
    );
}
