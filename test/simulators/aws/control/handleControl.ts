import { AwsBackend } from '../http/AwsBackend';
import { presentService } from '../ecs/present';

export interface ControlRequest {
  method: string;
  path: string;
  body: any;
}

/** Steers a simulator that runs as a process of its own. */
export function handleControl(
  backend: AwsBackend,
  request: ControlRequest,
): { status: number; body: unknown } {
  switch (`${request.method} ${request.path}`) {
    case 'GET /services':
      return { status: 200, body: backend.world.services.map(presentService) };
    case 'GET /log':
      return { status: 200, body: backend.log };
    case 'GET /validation':
      return { status: 200, body: backend.ledger.report() };
    case 'POST /faults': {
      const { throttle, latency, cutNextChange, readOnly, rejected } =
        request.body;
      const { faults } = backend;
      faults.throttle = throttle ?? faults.throttle;
      faults.latency = latency ?? faults.latency;
      faults.cutNextChange = cutNextChange ?? faults.cutNextChange;
      (readOnly ?? []).forEach((key: string) => faults.readOnly.add(key));
      (rejected ?? []).forEach((key: string) => faults.rejected.add(key));
      return { status: 200, body: {} };
    }
    case 'POST /unhealthy':
      backend.world.failures.set(
        String(request.body.taskDefinition),
        String(request.body.reason ?? 'Essential container in task exited'),
      );
      return { status: 200, body: {} };
    case 'DELETE /faults':
      backend.faults.clear();
      backend.world.failures.clear();
      return { status: 200, body: {} };
    default:
      return { status: 404, body: { message: 'No such control' } };
  }
}
