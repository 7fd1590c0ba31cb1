import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';

/**
 * For tests of what lies above the statements, such as who may do what: the database of production, or without
 * one at hand the other. The statements themselves are tested on both, elsewhere.
 */
export function oneDatabase(databases: TestDatabases): [TestDatabaseId][] {
  return databases.eachSupportedId().slice(-1);
}

/** Whether it is that one: for those tests of a suite that ask nothing of it that others do not ask of each. */
export function isOneDatabase(
  databases: TestDatabases,
  id: TestDatabaseId,
): boolean {
  return oneDatabase(databases).some(([one]) => one === id);
}
