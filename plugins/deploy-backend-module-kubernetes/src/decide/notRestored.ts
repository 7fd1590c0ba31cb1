import { PodTemplate, Workload, WorkloadKind } from '../model/types';

const MAX_NAMES = 20;
const GITOPS_MARKS: [string, string][] = [
  ['argocd.argoproj.io/tracking-id', 'Argo CD'],
  ['argocd.argoproj.io/instance', 'Argo CD'],
  ['kustomize.toolkit.fluxcd.io/name', 'Flux'],
  ['helm.toolkit.fluxcd.io/name', 'Flux'],
];

/** What putting the template back leaves as it is, whole sentences. */
export function notRestoredBy(
  kind: WorkloadKind,
  workload: Workload,
  template: PodTemplate,
): string[] {
  const { configMaps, secrets, claims } = referencesOf(template);
  const scale =
    kind === 'DaemonSet'
      ? []
      : [
          'The number of replicas stays what it is, whoever set it; so does a HorizontalPodAutoscaler.',
        ];
  return [
    ...namesOf('ConfigMaps', configMaps),
    ...namesOf('Secrets', secrets),
    ...(claims.length > 0 || kind === 'StatefulSet'
      ? ['Data in volumes stays as it is.']
      : []),
    ...scale,
    'Services, Ingresses and all else outside the pod template stay as they are.',
    ...gitops(workload),
    ...noWayBack(workload),
  ];
}

function noWayBack({ spec }: Workload): string[] {
  return spec?.revisionHistoryLimit === 0
    ? [
        'If this fails, what runs now cannot be put back: revisionHistoryLimit is 0, so Kubernetes keeps nothing of which no pod runs.',
      ]
    : [];
}

function namesOf(what: string, names: string[]): string[] {
  if (names.length === 0) {
    return [];
  }
  const shown = names.slice(0, MAX_NAMES).join(', ');
  const more =
    names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return [`${what} keep the content they have now: ${shown}${more}.`];
}

function gitops(workload: Workload): string[] {
  const marks = {
    ...workload.metadata?.labels,
    ...workload.metadata?.annotations,
  };
  const found = GITOPS_MARKS.find(([key]) => key in marks);
  return found
    ? [
        `${found[1]} manages this workload and puts back what is in Git at its next sync: revert it there, or pause the sync.`,
      ]
    : [];
}

/** Names of the ConfigMaps, Secrets and volume claims that a template refers to, each once, in order. */
export function referencesOf(template: PodTemplate): {
  configMaps: string[];
  secrets: string[];
  claims: string[];
} {
  const { spec = {} } = template;
  const containers = [
    ...(spec.containers ?? []),
    ...(spec.initContainers ?? []),
  ];
  const env = containers.flatMap(container => container.env ?? []);
  const envFrom = containers.flatMap(container => container.envFrom ?? []);
  const volumes = spec.volumes ?? [];
  const projected = volumes.flatMap(volume => volume.projected?.sources ?? []);
  return {
    configMaps: unique([
      ...env.map(variable => variable.valueFrom?.configMapKeyRef?.name),
      ...envFrom.map(source => source.configMapRef?.name),
      ...volumes.map(volume => volume.configMap?.name),
      ...projected.map(source => source.configMap?.name),
    ]),
    secrets: unique([
      ...env.map(variable => variable.valueFrom?.secretKeyRef?.name),
      ...envFrom.map(source => source.secretRef?.name),
      ...volumes.map(volume => volume.secret?.secretName),
      ...projected.map(source => source.secret?.name),
      ...(spec.imagePullSecrets ?? []).map(secret => secret.name),
    ]),
    claims: unique(
      volumes.map(volume => volume.persistentVolumeClaim?.claimName),
    ),
  };
}

function unique(names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name): name is string => !!name))].sort();
}
