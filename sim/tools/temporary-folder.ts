import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namePath } from "../../src/ir/errors.ts";

/** Calls `body` with an empty folder that does not outlive the call. Throws InputError where it cannot be written. */
export async function inTemporaryFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "firebrick-"));
  try {
    return await body(folder);
  } catch (error) {
    throw namePath(error, folder, "free space there, or name another folder in TMPDIR");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
