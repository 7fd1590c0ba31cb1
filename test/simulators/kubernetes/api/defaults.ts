import { KubeObject } from './objects';

/** What the API server fills in on writing a workload, as a real one (1.20) did in the recorded session. */
export function applyDefaults(object: KubeObject): void {
  const { spec } = object;
  if (!spec?.template) {
    return;
  }
  defaultTemplate(spec.template);
  switch (object.kind) {
    case 'Deployment':
      spec.replicas ??= 1;
      spec.revisionHistoryLimit ??= 10;
      spec.progressDeadlineSeconds ??= 600;
      spec.strategy ??= {};
      spec.strategy.type ??= 'RollingUpdate';
      if (spec.strategy.type === 'RollingUpdate') {
        spec.strategy.rollingUpdate ??= {};
        spec.strategy.rollingUpdate.maxUnavailable ??= '25%';
        spec.strategy.rollingUpdate.maxSurge ??= '25%';
      }
      if (spec.paused === false) delete spec.paused;
      break;
    case 'StatefulSet':
      spec.replicas ??= 1;
      spec.revisionHistoryLimit ??= 10;
      spec.podManagementPolicy ??= 'OrderedReady';
      spec.updateStrategy ??= { type: 'RollingUpdate' };
      if (spec.updateStrategy.type === 'RollingUpdate') {
        spec.updateStrategy.rollingUpdate ??= { partition: 0 };
      }
      break;
    default:
      spec.revisionHistoryLimit ??= 10;
      spec.updateStrategy ??= { type: 'RollingUpdate' };
      if (spec.updateStrategy.type === 'RollingUpdate') {
        spec.updateStrategy.rollingUpdate ??= { maxUnavailable: 1 };
      }
  }
}

function defaultTemplate(template: any): void {
  template.metadata ??= {};
  template.metadata.creationTimestamp ??= null;
  const { spec } = template;
  spec.restartPolicy ??= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ??= 'ClusterFirst';
  spec.securityContext ??= {};
  spec.schedulerName ??= 'default-scheduler';
  for (const container of spec.containers ?? []) {
    const isLatest = /(^[^:@]+|:latest)$/.test(container.image ?? '');
    container.resources ??= {};
    container.terminationMessagePath ??= '/dev/termination-log';
    container.terminationMessagePolicy ??= 'File';
    container.imagePullPolicy ??= isLatest ? 'Always' : 'IfNotPresent';
  }
}
