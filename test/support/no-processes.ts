/** Unit tests run wherever Node does: one that starts a process belongs to another project; see CONTRIBUTING.md. */
import childProcess, { ChildProcess } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

function refuse(): never {
  throw new Error("a unit test starts no process: name the file *.rtl.test.ts or *.networks.test.ts");
}

// Every asynchronous way leads through this method, which Node does not document.
Reflect.set(ChildProcess.prototype, "spawn", refuse);
Object.assign(childProcess, { spawnSync: refuse, execFileSync: refuse, execSync: refuse });
syncBuiltinESMExports();
