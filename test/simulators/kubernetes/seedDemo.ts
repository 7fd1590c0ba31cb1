import { KubernetesSimulator } from './KubernetesSimulator';
import { applyDefaults } from './api/defaults';
import { clone, type KubeObject } from './api/objects';
import { workloadManifest } from './manifests';

/** Services of the demo's orchestrator: each has three releases behind it. */
const SERVICES = [
  'orchestrator-service-rs',
  'data-router-rs',
  'llm-service-rs',
  'tools-service-rs',
  'frontend',
];
const NAMESPACE = 'phoenix-orch';
const ROUNDS = 400;

function imageOf(name: string, release: number): string {
  return `registry.example.test/${name}:v1.${release}.0`;
}

async function settled(simulator: KubernetesSimulator): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    simulator.round();
    const workloads = simulator.cluster.store.list('Deployment', NAMESPACE);
    const isDone = workloads.every(
      ({ metadata, spec, status }) =>
        status.observedGeneration === metadata.generation &&
        status.updatedReplicas === spec.replicas &&
        status.replicas === spec.replicas &&
        status.availableReplicas === spec.replicas,
    );
    if (isDone) return;
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  throw new Error('The workloads of the demo did not come up.');
}

/** Puts the workloads of the demo in, with a history, before anybody asks. */
export async function seedDemo(simulator: KubernetesSimulator): Promise<void> {
  const { store, options } = simulator.cluster;
  const { startMs } = options;
  // What is history has not to be waited for.
  options.startMs = 0;
  for (const name of SERVICES) {
    const object = workloadManifest({
      kind: 'Deployment',
      name,
      image: imageOf(name, 1),
    }) as KubeObject;
    object.metadata.namespace = NAMESPACE;
    object.status = {};
    applyDefaults(object);
    store.create(object);
  }
  for (const release of [2, 3]) {
    await settled(simulator);
    for (const name of SERVICES) {
      const object = clone(store.get('Deployment', NAMESPACE, name));
      object.spec.template.spec.containers[0].image = imageOf(name, release);
      store.update(object);
    }
  }
  await settled(simulator);
  options.startMs = startMs;
}
