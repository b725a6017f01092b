/** The payments in which one member has a part, oldest first by the payers' clocks: every reload shows the same order. */
import {
  KIND,
  type DeviceKey,
  type Entry,
  type Id,
  type Ledger,
  type MemberId,
  type PayBody,
  type Stored,
} from '@corridor/ledger';

export interface Mine {
  readonly ids: readonly Id[];
  /** Takes in one more entry, if it is one of them. */
  add(stored: Stored): void;
}
export function collectMine(ledger: Ledger, member: () => MemberId): Mine {
  const isOwn = (device: DeviceKey): boolean => ledger.log.devices.get(device)?.member === member();
  const partOf = ({ entry }: Stored): Entry<PayBody> | undefined => {
    const { body, device } = entry;
    if (body.kind !== KIND.pay) return undefined;
    const { to } = body;
    return isOwn(device) || (to.type === 'device' && isOwn(to.device)) ? { ...entry, body } : undefined;
  };
  const lines: Entry<PayBody>[] = [];
  for (const stored of ledger.entries.values()) {
    const line = partOf(stored);
    if (line !== undefined) lines.push(line);
  }
  const ids = lines.sort((a, b) => (isAfter(a, b) ? 1 : -1)).map((line) => line.id);
  return {
    ids,
    add(stored) {
      const line = partOf(stored);
      if (line === undefined) return;
      let place = ids.length;
      for (; place > 0; place--) {
        const before = ledger.entries.get(ids[place - 1] as Id)?.entry;
        if (before?.body.kind !== KIND.pay || !isAfter({ ...before, body: before.body }, line)) break;
      }
      ids.splice(place, 0, line.id);
    },
  };
}
const isAfter = (a: Entry<PayBody>, b: Entry<PayBody>): boolean =>
  a.body.at !== b.body.at ? a.body.at > b.body.at : a.seq !== b.seq ? a.seq > b.seq : a.id > b.id;
