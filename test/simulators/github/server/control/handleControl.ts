import { isObject, type JsonObject } from '../json';
import type { Simulator } from '../Simulator';
import { routes } from './routes';

export interface ControlRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  body: JsonObject;
}

export interface ControlReply {
  status: number;
  body: unknown;
}

/** What tests and the demo do to the simulator; GitHub has nothing like it. */
export async function handleControl(
  simulator: Simulator,
  request: ControlRequest,
): Promise<ControlReply> {
  const body = isObject(request.body) ? request.body : {};
  for (const route of routes) {
    if (route.method !== request.method) continue;
    const found = route.path.exec(request.path);
    if (!found) continue;
    try {
      const result = await route.handle(simulator, {
        parameters: found.slice(1).map(decodeURIComponent),
        query: request.query,
        body,
      });
      return { status: 200, body: result ?? {} };
    } catch (cause) {
      return { status: 400, body: { message: (cause as Error).message } };
    }
  }
  return { status: 404, body: { message: `No control ${request.path}` } };
}
