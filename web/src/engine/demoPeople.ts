import type { DeviceKey, Id, MemberId } from '@corridor/peer';

/** The made-up village of the demo circle: who lives there, who paid whom for what. */
interface Villager {
  readonly name: string;
  readonly balance: number;
  readonly here: boolean;
  readonly invitedBy: number | null;
}
export const VILLAGERS: readonly Villager[] = [
  { name: 'Marta Soler', balance: 4250, here: true, invitedBy: 1 },
  { name: 'Ana Moreno', balance: 6100, here: true, invitedBy: null },
  { name: 'Joan Tur', balance: -3300, here: true, invitedBy: 1 },
  { name: 'Salma Khatib', balance: 1850, here: false, invitedBy: 2 },
  { name: 'Pere Vidal', balance: -5200, here: false, invitedBy: 1 },
  { name: 'Rosa & Biel', balance: 2400, here: true, invitedBy: 4 },
  { name: 'Iker Etxeberria', balance: -900, here: false, invitedBy: 3 },
  { name: 'Lena Hoffmann', balance: 0, here: false, invitedBy: 5 },
  { name: 'Tomàs Ferrer', balance: -2750, here: false, invitedBy: 2 },
  { name: 'Amina Diallo', balance: 3150, here: true, invitedBy: 3 },
  { name: 'Forn de la plaça', balance: -9000, here: true, invitedBy: 1 },
];

/** 64 hex digits made from a number: the demo needs names for things, not secrets. */
export const madeUpHex = (seed: number): string => {
  let state = (seed + 1) * 2_654_435_761;
  let hex = '';
  while (hex.length < 64) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    hex += state.toString(16).padStart(8, '0');
  }
  return hex;
};
export const madeUpId = (seed: number): Id => madeUpHex(seed) as Id;
const member = (index: number): MemberId => madeUpHex(1000 + index) as MemberId;
const device = (index: number): DeviceKey => madeUpHex(1000 + index) as DeviceKey;

/** The villager behind a device key; -1 when there is none. */
export const villagerOf = (key: DeviceKey): number =>
  VILLAGERS.findIndex((_, index) => device(index) === key);
/** By their place in the village. */
export const ME = 0;
export const ANA = 1;
export const JOAN = 2;
export const SALMA = 3;
export const PERE = 4;
export const ROSA = 5;
export const LENA = 7;
export const TOMAS = 8;
export const AMINA = 9;
export const villager = (index: number): { member: MemberId; device: DeviceKey; name: string } => ({
  member: member(index),
  device: device(index),
  name: VILLAGERS[index]?.name ?? '',
});
