import { PipelineDocument } from './schema';

type Report = (
  path: readonly string[],
  message: string,
  remedy: string,
) => void;

type ServiceDocument = PipelineDocument['spec']['services'][string];
type ImageDocument = NonNullable<ServiceDocument['image']>;

/** Registries whose login needs no password: by the token of the job. */
const REGISTRIES: readonly RegExp[] = [
  /^ghcr\.io$/,
  /^[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/,
  /^[a-z0-9]+\.azurecr\.io$/,
];

/** What only an image with a repository of its own can have. */
const OF_A_REPOSITORY = ['tags', 'version', 'sign', 'scan'] as const;

/** Checks how images are built and called: places that exist, names that say one thing each. */
export function checkImages({ spec }: PipelineDocument, report: Report): void {
  for (const [key, service] of Object.entries(spec.services)) {
    const { image } = service;
    if (!image) {
      continue;
    }
    const path = ['spec', 'services', key, 'image'];
    const tell: Report = (inside, message, remedy) =>
      report([...path, ...inside], message, remedy);
    checkRepository(image, tell);
    checkTags(image, tell);
    checkPattern(image, tell);
    checkTargets(key, service, report);
  }
}

function checkRepository(image: ImageDocument, report: Report): void {
  const { repository } = image;
  if (repository === undefined) {
    for (const name of OF_A_REPOSITORY) {
      if (image[name] !== undefined) {
        report(
          [name],
          `"${name}" is for an image with a repository of its own`,
          'Add repository, such as ghcr.io/example-org/shop.',
        );
      }
    }
    return;
  }
  const [host] = repository.split('/');
  if (!REGISTRIES.some(registry => registry.test(host))) {
    report(
      ['repository'],
      `there is no way to log in to ${host} without a password`,
      'Use ghcr.io, Amazon ECR or a registry of Azure (azurecr.io).',
    );
  }
}

function checkTags({ tags, version }: ImageDocument, report: Report): void {
  (tags ?? []).forEach((tag, index) => {
    if (tag.startsWith('version') && !version) {
      report(
        ['tags', String(index)],
        `the tag "${tag}" needs a version`,
        'Say where it stands, such as version: {file: package.json}.',
      );
    }
  });
}

function checkPattern({ version }: ImageDocument, report: Report): void {
  const { pattern } = version ?? {};
  if (pattern === undefined) {
    return;
  }
  const problem = problemOf(pattern);
  if (problem) {
    report(
      ['version', 'pattern'],
      problem,
      'Write a regular expression of JavaScript with the version in parentheses, such as \'^version = "(.+)"$\'.',
    );
  }
}

function problemOf(pattern: string): string | undefined {
  try {
    // Matches nothing as well, so that its groups can be counted.
    const groups = new RegExp(`${pattern}|`, 'm').exec('')?.length ?? 1;
    return groups > 1 ? undefined : 'the pattern has no group';
  } catch {
    return 'the pattern is no regular expression';
  }
}

/** A target says where its image is only if the image does not say so itself. */
function checkTargets(
  key: string,
  { image, environments }: ServiceDocument,
  report: Report,
): void {
  for (const [name, { target }] of Object.entries(environments)) {
    const named =
      (target?.type === 'ecs' && target.repository && 'repository') ||
      (target?.type === 'azure-container-app' &&
        target.image &&
        target.image !== image?.repository &&
        'image');
    if (image?.repository && named) {
      report(
        ['spec', 'services', key, 'environments', name, 'target', named],
        `the image of the service is pushed to ${image.repository}`,
        `Remove "${named}" here.`,
      );
    }
  }
}
