/** A request as it came to the registry. */
export interface RegistryRequest {
  method: string;
  /** Without query; as it was sent, with its escapes. */
  path: string;
  query: URLSearchParams;
  /** Of a POST. */
  form?: URLSearchParams;
  authorization?: string;
  /** Whether the caller is the SDK: what it sends wrong is our mistake. */
  fromSdk: boolean;
}

export interface RegistryResponse {
  status: number;
  headers?: Record<string, string>;
  /** Text or bytes go out as they are, anything else as JSON. */
  body?: unknown;
}

/** A refusal in the shape of the OCI distribution. */
export class RegistryError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail?: Record<string, string>;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: {
      detail?: Record<string, string>;
      headers?: Record<string, string>;
    } = {},
  ) {
    super(message);
    this.name = 'RegistryError';
    this.status = status;
    this.code = code;
    this.detail = more.detail;
    this.headers = more.headers ?? {};
  }

  toResponse(): RegistryResponse {
    const { status, code, message, detail, headers } = this;
    return {
      status,
      headers,
      body: { errors: [{ code, message, ...(detail && { detail }) }] },
    };
  }
}

/** What goes wrong on purpose. */
export interface RegistryFaults {
  /**
   * The identity may not look: no token of the registry is given (`exchange`), none for the repository
   * (`token`), one that does not reach (`access`), or the network rules refuse the caller (`firewall`).
   */
  denied?: 'exchange' | 'token' | 'access' | 'firewall';
  /** So many requests are answered with 429. */
  throttle: number;
  /** So many connections are cut before the answer. */
  cut: number;
  /** What a proxy on the way answers instead of the registry. */
  proxyStatus?: number;
  /** No answer comes for so long. */
  latencyMs: number;
}

export const noRegistryFaults: Readonly<RegistryFaults> = {
  denied: undefined,
  throttle: 0,
  cut: 0,
  proxyStatus: undefined,
  latencyMs: 0,
};
