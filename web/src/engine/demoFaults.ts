import type { FaultView } from '@corridor/peer';
import { ANA, JOAN, madeUpId, PERE, villager } from './demoPeople.ts';

/** One of each kind that needs a talk. */
export const demoFaults = (words: 'en' | 'es'): readonly FaultView[] => {
  const es = words === 'es';
  const to = (amount: string, payee: string): string => `Pere Vidal: ${amount} ${es ? 'a' : 'to'} ${payee}`;
  const side = (seed: number, summary: string): FaultView['left'] => ({ id: madeUpId(seed), summary });
  const of = (index: number): Pick<FaultView, 'member' | 'memberName'> => ({
    member: villager(index).member,
    memberName: villager(index).name,
  });
  return [
    {
      id: 'demo-talk',
      ...of(PERE),
      kind: 'two-histories',
      left: side(9001, to('30.00', 'Ana Moreno')),
      right: side(9002, to('25.00', 'Salma Khatib')),
    },
    {
      id: 'demo-votes',
      ...of(ANA),
      kind: 'double-vote',
      left: side(9003, to('12.00', 'Joan Tur')),
      right: side(9004, to('14.00', 'Amina Diallo')),
    },
    {
      id: 'demo-promise',
      ...of(JOAN),
      kind: 'vote-after-promise',
      left: side(9005, es ? 'Prometió no confirmar nada más' : 'Promised to confirm nothing more'),
      right: side(9006, to('9.00', 'Rosa & Biel')),
    },
  ];
};
