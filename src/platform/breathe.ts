/** Lets events in, such as a pending Ctrl-C; throws when one aborted the signal. Long synchronous work calls it between its steps. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
