const BETWEEN_TRIES = 250;

/** Resolves as soon as the address answers that it is well. */
export async function waitFor(url: string): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise(resolve => setTimeout(resolve, BETWEEN_TRIES));
  }
}
