import { join, resolve } from 'node:path';
import { Ledger } from './model/Ledger';

/** Where reports are left for the summary after all tests. */
const validation = resolve(__dirname, '../../../.test/validation');

/** Keeps the report of a test file and fails when it has violations. */
export async function expectAwsValidated(
  ledger: Ledger,
  name: string,
): Promise<void> {
  await ledger.save(join(validation, `aws-${name}.json`));
  const { violations, unvalidated } = ledger.report();
  expect({ violations, unvalidated }).toEqual({
    violations: [],
    unvalidated: [],
  });
}
