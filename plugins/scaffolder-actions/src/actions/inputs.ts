import type { z as zod } from 'zod/v3';

/** zod as the scaffolder hands it to schemas: version 3, whatever else is installed. */
type Zod = typeof zod;

/** A path inside the workspace: nothing absolute, nothing that climbs, nothing that a shell would read. */
const RELATIVE_PATH = /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[A-Za-z0-9_./@-]+$/;

/** Inputs that several actions take. */
export const inputs = {
  directory: (z: Zod) =>
    z
      .string({
        description:
          'Where the repository lies in the workspace; the workspace itself unless said otherwise',
      })
      .max(255)
      .regex(RELATIVE_PATH, 'has to be a relative path such as repository')
      .optional(),
  file: (z: Zod) =>
    z
      .string({
        description:
          'Path of the spec in the repository, deploy.yaml unless said otherwise',
      })
      .max(255)
      .regex(RELATIVE_PATH, 'has to be a relative path such as deploy.yaml')
      .optional(),
  out: (z: Zod) =>
    z
      .string({
        description:
          'Where to write what is not as it was, such as a folder of its own that a pull request is made of; the repository itself unless said otherwise',
      })
      .max(255)
      .regex(RELATIVE_PATH, 'has to be a relative path such as changes')
      .optional(),
  force: (z: Zod) =>
    z
      .boolean({
        description:
          'Overwrites generated files that somebody changed by hand, too. Default: false',
      })
      .optional(),
} as const;
