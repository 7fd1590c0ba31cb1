import { canonicalImageName } from './imageName';
import { PipelineDocument } from './schema';
import { quote } from './suggest';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

type ServiceDocument = PipelineDocument['spec']['services'][string];
type ImageDocument = NonNullable<ServiceDocument['image']>;
type TargetDocument = NonNullable<
  ServiceDocument['environments'][string]['target']
>;

/** An image as it is pushed. */
interface Pushed {
  service: string;
  /** Where that stands. */
  path: string[];
  /** With the registry; without its account, where that is the one of whoever deploys. */
  name: string;
  /** How it is built, as a text. */
  build: string;
}

const ACCOUNT = /^[0-9]{12}(?=\.dkr\.ecr\.)/;

/**
 * Every image is pushed under its commit: two different ones of one name would replace each other, or the second would
 * be taken for built already and never come. The same build may be that of several.
 */
export function checkImageNames(
  { spec }: PipelineDocument,
  report: Report,
): void {
  const known = new Map<string, Pushed[]>();
  for (const [key, service] of Object.entries(spec.services)) {
    for (const pushed of pushedBy(key, service)) {
      const name = pushed.name.replace(ACCOUNT, '');
      const others = known.get(name) ?? [];
      const other = others.find(
        one => one.build !== pushed.build && mayBeSame(one.name, pushed.name),
      );
      if (other) {
        report(
          pushed.path,
          `the services ${quote(other.service)} and ${quote(
            key,
          )} push different images to one repository, under the same tags`,
          'Give each a repository of its own, or both the same "image".',
        );
      }
      known.set(name, [...others, pushed]);
    }
  }
}

function mayBeSame(left: string, right: string): boolean {
  return left === right || !ACCOUNT.test(left) || !ACCOUNT.test(right);
}

/** By the image itself, or by each target that names where it is. */
function pushedBy(
  service: string,
  { image, environments }: ServiceDocument,
): Pushed[] {
  if (!image) {
    return [];
  }
  const build = buildOf(image);
  const path = ['spec', 'services', service];
  if (image.repository) {
    const name = canonicalImageName(image.repository);
    return [{ service, path: [...path, 'image', 'repository'], name, build }];
  }
  return Object.entries(environments).flatMap(([environment, { target }]) => {
    const named = target && namedBy(target);
    return named
      ? [
          {
            service,
            path: [...path, 'environments', environment, 'target', named.key],
            name: canonicalImageName(named.name),
            build,
          },
        ]
      : [];
  });
}

function namedBy(
  target: TargetDocument,
): { key: string; name: string } | undefined {
  if (target.type === 'azure-container-app' && target.image) {
    return { key: 'image', name: target.image };
  }
  if (target.type === 'ecs' && target.repository) {
    const end = target.region.startsWith('cn-') ? '.cn' : '';
    return {
      key: 'repository',
      name: `.dkr.ecr.${target.region}.amazonaws.com${end}/${target.repository}`,
    };
  }
  return undefined;
}

/** What decides what is in an image; all that is said of it, where it has a repository of its own. */
function buildOf({
  dockerfile,
  context = '.',
  target = '',
  platforms = ['linux/amd64'],
  timeoutMinutes: _,
  ...more
}: ImageDocument): string {
  return JSON.stringify([
    [dockerfile, context, target, [...platforms].sort()],
    ...Object.entries(more).sort(([left], [right]) => (left < right ? -1 : 1)),
  ]);
}
