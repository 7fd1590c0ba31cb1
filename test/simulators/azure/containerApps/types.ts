/** A container as Azure's API has it; only what the simulator looks at is named. */
export interface WireContainer {
  name: string;
  image: string;
  env?: { name: string; value?: string; secretRef?: string }[] | null;
  resources?: { cpu?: number; memory?: string };
  [field: string]: unknown;
}

export interface WireTemplate {
  revisionSuffix?: string | null;
  containers: WireContainer[];
  scale?: {
    minReplicas?: number | null;
    maxReplicas?: number | null;
    [field: string]: unknown;
  } | null;
  [field: string]: unknown;
}

export interface WireTraffic {
  revisionName?: string;
  latestRevision?: boolean;
  weight?: number;
  label?: string;
}

export interface WireConfiguration {
  activeRevisionsMode: 'Single' | 'Multiple';
  ingress?: {
    external: boolean;
    targetPort: number;
    traffic?: WireTraffic[];
    [field: string]: unknown;
  } | null;
  secrets?: { name: string }[] | null;
  maxInactiveRevisions?: number;
  [field: string]: unknown;
}

/** Why a revision never works. */
export type Defect = 'crash-loop' | 'image-pull' | 'provisioning';

export interface SimulatedRevision {
  name: string;
  createdAt: number;
  template: WireTemplate;
  active: boolean;
  /** When it was activated last. */
  activatedAt: number;
  restarts: number;
}

/** A change that goes on. */
export interface RunningUpdate {
  endsAt: number;
  /** What is wrong with it; it then brings no revision. */
  error?: { code: string; message: string };
}

export interface SimulatedApp {
  subscriptionId: string;
  /** As it was written. */
  resourceGroup: string;
  name: string;
  location: string;
  tags: Record<string, string>;
  configuration: WireConfiguration;
  template: WireTemplate;
  /** Oldest first. */
  revisions: SimulatedRevision[];
  update?: RunningUpdate;
  /** Of the last update that is over. */
  failed?: RunningUpdate['error'];
  latestRevision: string;
  latestReadyRevision?: string;
}

/** How long things take, milliseconds. */
export interface Timings {
  /** An update of the app, while no other is let in. */
  updateMs: number;
  /** From activation to the first healthy replica. */
  readyMs: number;
}
