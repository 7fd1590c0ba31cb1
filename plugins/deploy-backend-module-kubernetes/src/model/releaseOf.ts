import { Container, PodTemplate, WorkloadRevision } from './types';

const FULL_SHA = /^[0-9a-f]{40}$/;
const COMMIT_KEYS = [
  'deploy.vvp.io/commit',
  'org.opencontainers.image.revision',
  'app.kubernetes.io/version',
];
const VERSION_KEY = 'app.kubernetes.io/version';

/** What a revision tells of the release in it. */
export interface ReleaseOfRevision {
  commit?: string;
  version?: string;
  artifact?: string;
}

/**
 * Commit: the first full SHA in the annotations or labels `deploy.vvp.io/commit`,
 * `org.opencontainers.image.revision`, `app.kubernetes.io/version`, else the image's tag, also behind a
 * prefix such as `sha-`. Version: `app.kubernetes.io/version`, else the tag; neither if it is a SHA.
 */
export function releaseOf(
  revision: Pick<WorkloadRevision, 'template' | 'annotations' | 'labels'>,
  container?: string,
): ReleaseOfRevision {
  const image = containerOf(revision.template, container)?.image;
  const marks = {
    ...revision.labels,
    ...revision.annotations,
    ...revision.template.metadata?.labels,
    ...revision.template.metadata?.annotations,
  };
  const tag = tagOf(image);
  const candidates = [
    ...COMMIT_KEYS.map(key => marks[key]),
    tag,
    tag?.slice(tag.lastIndexOf('-') + 1),
  ];
  const commit = candidates.find(
    text => text !== undefined && FULL_SHA.test(text),
  );
  const version = [marks[VERSION_KEY], tag].find(
    text => text && !FULL_SHA.test(text) && !text.endsWith(commit ?? ' '),
  );
  return { commit, version, artifact: image };
}

/** The container that is meant; the first one if none is named. */
export function containerOf(
  template: PodTemplate,
  name?: string,
): Container | undefined {
  const containers = template.spec?.containers ?? [];
  return name === undefined
    ? containers[0]
    : containers.find(container => container.name === name);
}

function tagOf(image: string | undefined): string | undefined {
  const last = image?.split('@', 1)[0].split('/').pop();
  const colon = last?.indexOf(':') ?? -1;
  return colon < 0 ? undefined : last?.slice(colon + 1);
}
