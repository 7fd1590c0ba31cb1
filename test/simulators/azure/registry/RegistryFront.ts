import { MatchedCall, VendorModel } from '../model/VendorModel';
import { API_VERSION } from './model';
import { RegistryStore, StoredManifest } from './RegistryStore';
import { RegistryTokens } from './RegistryTokens';
import {
  RegistryError,
  RegistryFaults,
  RegistryRequest,
  RegistryResponse,
} from './types';

/** What the registry answers; every request and answer is held against the vendor's model. */
export class RegistryFront {
  readonly #store: RegistryStore;
  readonly #tokens: RegistryTokens;
  readonly #faults: RegistryFaults;
  readonly model: VendorModel;

  constructor(parts: {
    store: RegistryStore;
    tokens: RegistryTokens;
    faults: RegistryFaults;
    model: VendorModel;
  }) {
    this.#store = parts.store;
    this.#tokens = parts.tokens;
    this.#faults = parts.faults;
    this.model = parts.model;
  }

  handle(request: RegistryRequest): RegistryResponse {
    const { method, path, fromSdk } = request;
    const call = this.model.match(method, path);
    if (!call) {
      if (fromSdk) {
        this.model.unvalidated(`registry ${method} ${path}`);
      }
      return notThere().toResponse();
    }
    const { name } = call.operation;
    const problems = this.model.checkRequest(call, request);
    if (problems.length > 0) {
      if (fromSdk) {
        this.model.violation(`request ${name}: ${problems.join('; ')}`);
      }
      return new RegistryError(
        400,
        'UNSUPPORTED',
        problems.join('; '),
      ).toResponse();
    }
    const response = this.#answer(call, request);
    const wrong = this.model.checkResponse(call, response);
    this.model.count(name);
    if (wrong.length > 0) {
      const text = `response ${name} ${response.status}: ${wrong.join('; ')}`;
      this.model.violation(text);
      return new RegistryError(500, 'UNKNOWN', text).toResponse();
    }
    return response;
  }

  #answer(call: MatchedCall, request: RegistryRequest): RegistryResponse {
    try {
      return this.#serve(call, request);
    } catch (error) {
      if (error instanceof RegistryError) {
        return error.toResponse();
      }
      throw error;
    }
  }

  #serve(call: MatchedCall, request: RegistryRequest): RegistryResponse {
    const faults = this.#faults;
    if (faults.denied === 'firewall') {
      throw new RegistryError(
        403,
        'DENIED',
        "client with IP '192.0.2.1' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
      );
    }
    if (faults.throttle > 0) {
      faults.throttle -= 1;
      throw new RegistryError(429, 'TOOMANYREQUESTS', 'too many requests', {
        headers: { 'Retry-After': '0' },
      });
    }
    const form = request.form ?? new URLSearchParams();
    switch (call.operation.name) {
      case 'authentication.exchangeAadAccessTokenForAcrRefreshToken':
        return this.#tokens.exchange(form, faults);
      case 'authentication.exchangeAcrRefreshTokenForAcrAccessToken':
        return this.#tokens.token(form, faults);
      case 'containerRegistry.getManifest':
        return this.#manifest(call, request);
      case 'containerRegistry.getTagProperties':
        return this.#tag(call, request);
      case 'containerRegistry.getManifestProperties':
        return this.#properties(call, request);
      default:
        throw notThere();
    }
  }

  #manifest(call: MatchedCall, request: RegistryRequest): RegistryResponse {
    const { manifest } = this.#find(call, request, 'pull');
    return {
      status: 200,
      headers: {
        'Content-Type': manifest.mediaType,
        'Docker-Content-Digest': manifest.digest,
      },
      body: manifest.content,
    };
  }

  #tag(call: MatchedCall, request: RegistryRequest): RegistryResponse {
    checkVersion(request);
    const { repository, reference, manifest } = this.#find(
      call,
      request,
      'metadata_read',
    );
    return {
      status: 200,
      body: {
        registry: this.#store.loginServer,
        imageName: repository,
        tag: { name: reference, ...attributesOf(manifest) },
      },
    };
  }

  #properties(call: MatchedCall, request: RegistryRequest): RegistryResponse {
    checkVersion(request);
    const { repository, manifest } = this.#find(call, request, 'metadata_read');
    return {
      status: 200,
      body: {
        registry: this.#store.loginServer,
        imageName: repository,
        manifest: {
          ...attributesOf(manifest),
          imageSize: 1_024,
          architecture: 'amd64',
          os: 'linux',
          tags: this.#store.tagsOf(repository, manifest.digest),
        },
      },
    };
  }

  #find(
    { parameters }: MatchedCall,
    { authorization }: RegistryRequest,
    action: 'pull' | 'metadata_read',
  ): { repository: string; reference: string; manifest: StoredManifest } {
    const repository = decodeURIComponent(parameters.name);
    const reference = decodeURIComponent(
      parameters.reference ?? parameters.digest,
    );
    this.#tokens.require(
      `repository:${repository}:${action}`,
      authorization,
      this.#faults,
    );
    if (!this.#store.hasRepository(repository)) {
      throw new RegistryError(
        404,
        'NAME_UNKNOWN',
        'repository name not known to registry',
        { detail: { name: repository } },
      );
    }
    const manifest = this.#store.find(repository, reference);
    if (!manifest) {
      throw new RegistryError(
        404,
        'MANIFEST_UNKNOWN',
        `manifest tagged by "${reference}" is not found`,
        { detail: { Tag: reference } },
      );
    }
    return { repository, reference, manifest };
  }
}

function attributesOf({ digest, createdAt }: StoredManifest) {
  return {
    digest,
    createdTime: createdAt,
    lastUpdateTime: createdAt,
    changeableAttributes: {
      deleteEnabled: true,
      writeEnabled: true,
      listEnabled: true,
      readEnabled: true,
    },
  };
}

function checkVersion({ query }: RegistryRequest): void {
  if (query.get('api-version') !== API_VERSION) {
    throw new RegistryError(
      400,
      'UNSUPPORTED',
      'The API version is not supported.',
    );
  }
}

function notThere(): RegistryError {
  return new RegistryError(404, 'NOT_FOUND', '404 page not found');
}
