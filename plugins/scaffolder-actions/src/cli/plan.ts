import { PlannedFiles, planSpec } from '../materials';
import { readSpec } from './readSpec';

export { readScripts } from '../materials';

/** The files of a pipeline, or what stands in the way, with its place in `deploy.yaml`. */
export async function planFiles(file: string): Promise<PlannedFiles> {
  const read = await readSpec(file);
  return 'findings' in read
    ? read
    : await planSpec(read.spec, { text: read.text, file });
}
