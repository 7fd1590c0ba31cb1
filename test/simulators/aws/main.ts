import { run } from './run';

/** Runs the simulator: `node --import tsx test/simulators/aws/main.ts`. */
run(process.argv.slice(2), process.env).catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.stack : cause}\n`);
  process.exitCode = 1;
});
