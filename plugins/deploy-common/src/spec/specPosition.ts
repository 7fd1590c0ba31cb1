import { readYaml } from './readYaml';

/**
 * Where something stands in the text of a `deploy.yaml`: the key of the path, or the nearest thing around it that
 * exists; the first line of a text that cannot be read. Counted from 1.
 *
 * @param path - keys from the root, such as `['spec', 'services', 'shop', 'image']`
 * @public
 */
export function specPosition(
  text: string,
  path: readonly string[],
): { line: number; column: number } {
  const yaml = readYaml(text);
  return yaml.ok ? yaml.source.locate(path) : { line: 1, column: 1 };
}
