import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlaces, withVersionUrls } from '../clouds';
import type { Simulator } from '../Simulator';

/** Whose repositories the examples are. */
export const ORGANIZATION = 'example-org';

/** Every folder of `examples/` becomes a repository. */
export async function loadExamples(
  simulator: Simulator,
  options: {
    folder: string;
    /** Where they are copied to if something in them has to be another. */
    copies: string;
    /** What environments are asked for their version at, instead of what their `deploy.yaml` says. */
    versionUrl: string | undefined;
  },
): Promise<void> {
  const entries = await readdir(options.folder, { withFileTypes: true });
  const names = entries
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort();
  const { world } = simulator;
  for (const name of names) {
    const fullName = `${ORGANIZATION}/${name}`;
    let folder = join(options.folder, name);
    const deployYaml = await readFile(
      join(folder, 'deploy.yaml'),
      'utf8',
    ).catch(() => undefined);
    if (deployYaml !== undefined) {
      simulator.clouds?.setPlaces(fullName, readPlaces(deployYaml));
    }
    if (deployYaml !== undefined && options.versionUrl !== undefined) {
      const copy = join(options.copies, name);
      await rm(copy, { recursive: true, force: true });
      await cp(folder, copy, { recursive: true });
      await writeFile(
        join(copy, 'deploy.yaml'),
        withVersionUrls(deployYaml, options.versionUrl, fullName),
      );
      folder = copy;
    }
    await world.addRepository({
      owner: ORGANIZATION,
      name,
      description: `Example pipeline: ${name}`,
      createdAt: world.now,
      folder,
      author: world.account('omar'),
    });
  }
}
