import { JsonObject, JsonValue } from '@backstage/types';
import { MatchedCall, VendorModel } from '../model/VendorModel';
import type { AsyncOperations } from './AsyncOperations';

/** A request that the front has let through: signed in, allowed, and fit for the vendor's model. */
export interface ArmRequest {
  method: string;
  /** Lower case, as are all names that Azure compares without regard to case. */
  subscriptionId: string;
  /** Lower case; absent where the address has none. */
  resourceGroup?: string;
  /** What follows the provider's name, decoded, such as `['containerApps', 'vvp-issuer', 'revisions']`. */
  path: string[];
  query: URLSearchParams;
  apiVersion: string;
  body?: JsonObject;
  /** What the vendor's model says of it; absent where an operation that goes on is asked about. */
  call?: MatchedCall;
  /** Address of the simulator, for links. */
  baseUrl: string;
}

export interface ArmResponse {
  status: number;
  body?: JsonValue;
  headers?: Record<string, string>;
}

/** A resource provider, such as `Microsoft.App`. */
export interface ArmProvider {
  readonly namespace: string;
  /** Others are refused, as Azure does. */
  readonly apiVersions: readonly string[];
  /** What every request and answer is held against. */
  readonly model: VendorModel;
  /** Throws an {@link ArmError} to refuse. */
  handle(request: ArmRequest): ArmResponse | Promise<ArmResponse>;
}

/** What a provider is made with. */
export interface ArmContext {
  operations: AsyncOperations;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A refusal in Azure's own shape. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = 'ArmError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toResponse(): ArmResponse {
    return {
      status: this.status,
      headers: this.headers,
      body: { error: { code: this.code, message: this.message } },
    };
  }
}
