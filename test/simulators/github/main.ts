/** Runs the simulator: `node --import tsx test/simulators/github/main.ts`. */
async function main(): Promise<void> {
  const { run } = await import('./server/run');
  await run(process.argv.slice(2));
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.stack : cause}\n`);
  process.exitCode = 1;
});
