/** A small workload of any kind, for tests and the demo. */
export function workloadManifest(options: {
  kind: string;
  name: string;
  image: string;
  labels?: Record<string, string>;
  replicas?: number;
  annotations?: Record<string, string>;
  spec?: object;
  env?: object[];
}): object {
  const { kind, name, image, annotations } = options;
  const labels = options.labels ?? { app: name };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, labels, ...(annotations && { annotations }) },
    spec: {
      ...(kind !== 'DaemonSet' && { replicas: options.replicas ?? 2 }),
      ...(kind === 'StatefulSet' && { serviceName: name }),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { name: 'app', image, ...(options.env && { env: options.env }) },
          ],
        },
      },
      ...options.spec,
    },
  };
}
