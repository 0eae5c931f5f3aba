/** Requests to read, as axi_read_arbiter takes them: one a cycle, the first of the clients that want one. */
import type { Process } from "./kernel.ts";
import { clients, type Client, type Machine } from "./machine.ts";

/** Waits for its turn and asks for beats; `arrived` runs with the last one. */
export function* request(m: Machine, client: Client, beats: number, arrived: () => void): Process {
  const before = clients.slice(0, clients.indexOf(client));
  m.wanting.add(client);
  yield () => m.memory.hasRoom() && !before.some((other) => m.wanting.has(other));
  m.wanting.delete(client);
  m.memory.read(beats, arrived);
  yield 1;
}
