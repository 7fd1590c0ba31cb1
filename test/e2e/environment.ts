/** A variable that the global set-up gives to the tests. */
export function requiredEnvironment(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: run these tests by npm run test:e2e`);
  }
  return value;
}
