/** What happens to phones: they crash, stop, fill up, lose their clocks, their neighbours, their memory. */
import { createMemoryDisk, type MemoryDisk } from '@corridor/peer';
import { createDevice, type SimDevice } from './device.ts';
import { isInside } from './firstCircles.ts';
import { copyDisk, fallBack, strictlyOn } from './simStore.ts';
import type { Stage } from './stage.ts';
import type { Trading } from './trading.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

export interface Disasters {
  crash(): void;
  restart(): void;
  refuseWrites(): void;
  jumpClock(): void;
  part(): void;
  openSecondTab(): void;
  /** From now on never all of these are up together, until things heal. */
  takeTurns(of: readonly SimDevice[]): void;
  /** One of them will find its disk as it is now. */
  remember(): void;
  /** It does, and pays before it has met anybody; the others are there to be asked [W2]. */
  forget(): Promise<void>;
  startAgain(device: SimDevice): Promise<void>;
}
export function createDisasters(stage: Stage, trading: Trading): Disasters {
  const { world, plan, observer, planted, honest, watch } = stage;
  const { timeline, chance, devices, network, trace } = world;
  const startAgain = async (device: SimDevice): Promise<void> => {
    await device.start();
    observer.lookAfterStart(device);
  };
  let remembered: { readonly device: SimDevice; readonly disk: MemoryDisk } | undefined;
  return {
    startAgain,
    crash() {
      const device = chance.pick(devices);
      device.crash();
      timeline.after(stage.healed ? 0 : chance.below(8000), () => watch(startAgain(device)));
    },
    restart() {
      const device = chance.pick(devices);
      watch(
        device.stop().then(() => {
          timeline.after(chance.below(2000), () => watch(startAgain(device)));
        }),
      );
    },
    refuseWrites() {
      const { disk, name } = chance.pick(devices);
      trace.note(`${name} has a full disk`);
      disk.refuseWrites('quota');
      timeline.after(chance.below(8000), () => disk.refuseWrites(undefined));
    },
    jumpClock() {
      const device = chance.pick(devices);
      device.clockOff = (chance.next() - 0.5) * chance.pick([10 * YEAR_MS, 100_000]);
      trace.note(`${device.name}'s clock is off by ${device.clockOff}`);
    },
    part() {
      const groups: string[][] = [[], []];
      for (const { name } of devices) groups[chance.below(2)]?.push(name);
      trace.note(`apart: ${groups.map((names) => names.join('+')).join(' | ')}`);
      network.partition(groups);
      timeline.after(chance.between(1000, 15_000), () => network.partition(undefined));
    },
    /**
     * Another tab opens and pays while the first one still does. Keys, records and journal are the same; the document it
     * writes is thrown away, because documents are the Web Lock's to guard and the journal is what must stand without it.
     */
    openSecondTab() {
      const device = chance.pick(honest);
      if (!isInside(device)) return;
      device.hadSecondTab = true;
      const { keys, chains, records } = device.disk;
      const disk = { ...copyDisk(device.disk, createMemoryDisk()), keys, chains, records };
      const tab = createDevice(`${device.name}-tab`, world, { disk, honest: false, planted });
      watch(
        tab.start().then(async () => {
          await trading.payOnce(tab);
          if (tab.life !== undefined) tab.life.alive = false;
          network.vanish(tab.name);
        }),
      );
      timeline.after(chance.below(20), () => trading.pay([device]));
    },
    remember() {
      const device = chance.pick(honest);
      if (isInside(device) && !device.hadSecondTab) remembered = { device, disk: strictlyOn(device.disk) };
    },
    async forget() {
      if (remembered === undefined || remembered.device.hadSecondTab) return;
      const { device, disk } = remembered;
      device.crash();
      trace.note(`${device.name} forgets`);
      fallBack(device.disk, disk);
      device.hasForgotten = true;
      await device.start();
      if (isInside(device)) await trading.payOnce(device);
    },
    takeTurns(of) {
      const turn = (): void => {
        if (stage.healed) return;
        const away = chance.pick(of);
        trace.note(`${away.name} is away`);
        const others = of.filter((device) => device !== away && device.life?.alive !== true);
        for (const device of others) watch(startAgain(device));
        watch(away.stop().then(() => (stage.healed ? startAgain(away) : undefined)));
        timeline.after(chance.between(2000, plan.span / 3), turn);
      };
      turn();
    },
  };
}
