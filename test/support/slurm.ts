/** A Slurm cluster of this machine alone: munged, slurmctld and slurmd on loopback, in a folder of their own. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";

export interface SlurmCluster {
  /** What the clients need in their environment. */
  readonly conf: string;
  stopController(): Promise<void>;
  startController(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the daemons and waits until the node takes jobs. */
export async function startSlurm(cpus: number): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), "firebrick-slurm-"));
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  for (const name of ["state", "spool"]) mkdirSync(at(name));
  const [controllerPort, nodePort] = await Promise.all([freePort(), freePort()]);
  const conf = at("slurm.conf");
  const env = { SLURM_CONF: conf };
  const node = hostname().split(".")[0]!;
  const user = userInfo().username;
  writeFileSync(at("munge.key"), randomBytes(128), { mode: 0o400 });
  writeFileSync(
    conf,
    `${[
      "ClusterName=firebrick",
      `SlurmctldHost=${node}(127.0.0.1)`,
      `SlurmctldPort=${controllerPort}`,
      `SlurmdPort=${nodePort}`,
      `AuthType=auth/munge`,
      `AuthInfo=socket=${at("munge.socket")}`,
      `CredType=cred/munge`,
      `SlurmUser=${user}`,
      `SlurmdUser=${user}`,
      `StateSaveLocation=${at("state")}`,
      `SlurmdSpoolDir=${at("spool")}`,
      `SlurmctldPidFile=${at("slurmctld.pid")}`,
      `SlurmdPidFile=${at("slurmd.pid")}`,
      `SlurmctldLogFile=${at("slurmctld.log")}`,
      `SlurmdLogFile=${at("slurmd.log")}`,
      "ProctrackType=proctrack/linuxproc",
      "TaskPlugin=task/none",
      "SelectType=select/cons_tres",
      "SelectTypeParameters=CR_CPU",
      "ReturnToService=2",
      "MpiDefault=none",
      // For jobs of seconds: a job starts within a second, and a client gives up soon when the controller is down.
      "SchedulerParameters=batch_sched_delay=0,sched_interval=1",
      "MessageTimeout=4",
      `NodeName=${node} NodeAddr=127.0.0.1 CPUs=${cpus} State=UNKNOWN`,
      "PartitionName=main Nodes=ALL Default=YES State=UP",
    ].join("\n")}\n`,
  );
  const stop = (name: string): Promise<void> => stopDaemon(at(`${name}.pid`));
  const startController = async (): Promise<void> => {
    await execa("/usr/sbin/slurmctld", { env });
  };
  const cluster: SlurmCluster = {
    conf,
    stopController: () => stop("slurmctld"),
    startController,
    async close() {
      await Promise.all(["slurmctld", "slurmd", "munged"].map(stop));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await execa("/usr/sbin/munged", [
      ...["--force", `--key-file=${at("munge.key")}`, `--socket=${at("munge.socket")}`],
      ...[
        `--pid-file=${at("munged.pid")}`,
        `--log-file=${at("munged.log")}`,
        `--seed-file=${at("munge.seed")}`,
      ],
    ]);
    await startController();
    await execa("/usr/sbin/slurmd", { env });
    await until(
      async () => (await execa("sinfo", ["-h", "-o", "%T"], { env, reject: false })).stdout === "idle",
    );
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}

/** Looks every 50 ms; throws after a minute. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 1200; looks++) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error(`waited for a minute: ${condition.toString()}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function stopDaemon(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8"));
  const alive = (signal: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false;
    }
  };
  alive("SIGTERM");
  await until(() => !alive(0));
  rmSync(pidFile, { force: true });
}
