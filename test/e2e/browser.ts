import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BrowserContext, Page, chromium } from 'playwright-core';
import { requiredEnvironment } from './environment';

interface FoundBrowser {
  executablePath: string;
  env: Record<string, string>;
  args: string[];
}

/** A browser with an empty profile that keeps account of where its requests went. */
export class TestBrowser {
  readonly #context: BrowserContext;
  readonly #profile: string;
  readonly #requestedUrls: string[] = [];

  static async launch(options: { dark?: boolean } = {}): Promise<TestBrowser> {
    const found: FoundBrowser = JSON.parse(requiredEnvironment('E2E_BROWSER'));
    const profile = await mkdtemp(path.join(tmpdir(), 'deploy-browser-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: found.executablePath,
      args: found.args,
      env: { ...process.env, ...found.env } as Record<string, string>,
      headless: true,
      viewport: { width: 1400, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      locale: 'en-GB',
      timezoneId: 'UTC',
    });
    return new TestBrowser(context, profile);
  }

  private constructor(context: BrowserContext, profile: string) {
    this.#context = context;
    this.#profile = profile;
    context.on('request', request => this.#requestedUrls.push(request.url()));
    context.on('page', page =>
      page.on('websocket', socket => this.#requestedUrls.push(socket.url())),
    );
  }

  /** A new tab. */
  async newPage(): Promise<Page> {
    const page = await this.#context.newPage();
    // No test is about time: a machine that is busy with others may take its own.
    page.setDefaultTimeout(180_000);
    return page;
  }

  /** Every address that was asked for, but for those inside the page itself. */
  get requestedUrls(): URL[] {
    return this.#requestedUrls
      .map(url => new URL(url))
      .filter(url => !['data:', 'blob:', 'about:'].includes(url.protocol));
  }

  async close(): Promise<void> {
    await this.#context.close();
    await rm(this.#profile, { recursive: true, force: true });
  }
}
