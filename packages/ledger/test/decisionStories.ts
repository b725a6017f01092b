/** What must not be decided: for each rule at least one act that it alone stands against. */
import { MAX_DEVICES, type Act, type DeviceKey } from '@corridor/ledger';
import { joinRequest, limitsAct, memberOf, proposed, standingAct, STORY_KEY } from '@corridor/testing';
import { alice, anId, bob, carol, dora, emil } from './stories.ts';

import { ADMISSIONS } from './admissionStories.ts';
import {
  admission,
  closed,
  consent,
  emilsReplacement,
  fina,
  GRANT,
  helpers,
  keeper,
  keepersReplacement,
  laptops,
  LOW,
  lowered,
  odd,
  paid,
  stewards,
  type Story,
} from './decisionVillage.ts';

export const STORIES: readonly Story[] = [
  ...ADMISSIONS,
  {
    rule: 'aQuorumStays',
    title: '[P7] the only keeper’s device given up before it has handed the book over',
    act: keepersReplacement,
    fault: { rule: 'P7', code: 'too-few-witnesses', count: 0 },
  },
  {
    rule: 'bookIsOpen',
    title: '[L0] anything after the decision that closed the book',
    act(ledger) {
      ledger.log.closed = { height: ledger.log.height, id: ledger.log.head, opening: anId('1') };
      return admission(ledger, joinRequest(ledger, alice, fina));
    },
    fault: { rule: 'B1', code: 'book-is-closed' },
  },
  {
    rule: 'circleHasRoom',
    title: '[B1] one more device than an opening can hold',
    act(ledger) {
      const bobs = ledger.log.devices.get(bob.device);
      if (bobs === undefined) throw new Error('nobody admitted Bob');
      for (let more = ledger.log.devices.size; more < MAX_DEVICES; more++)
        ledger.log.devices.set(more.toString(16).padStart(64, '0') as DeviceKey, bobs);
      return admission(ledger, joinRequest(ledger, alice, fina));
    },
    fault: { rule: 'B1', code: 'circle-is-full', device: fina.device },
  },
  {
    rule: 'heightIsNext',
    title: '[L0] a height too far',
    act: (ledger) => admission(ledger, joinRequest(ledger, alice, fina)),
    change: ({ log }) => ({ height: log.height + 2 }),
    fault: { rule: 'L0', code: 'wrong-height' },
  },
  {
    rule: 'prevIsHead',
    title: '[L0] on another decision than the last',
    act: (ledger) => admission(ledger, joinRequest(ledger, alice, fina)),
    change: () => ({ prev: anId('5') }),
    fault: { rule: 'L0', code: 'wrong-prev' },
  },
  {
    rule: 'motionIsNew',
    title: '[L3] a motion that was carried out already',
    act: () => paid,
    yes: [alice],
    fault: { rule: 'L3', code: 'decided-already' },
  },
  {
    rule: 'nobodyIsAskedInVain',
    title: '[L3] approvals that nobody asked for',
    act: (ledger) => admission(ledger, joinRequest(ledger, alice, fina)),
    yes: [bob],
    fault: { rule: 'L3', code: 'approvals-not-asked-for' },
  },
  {
    rule: 'enoughConsent',
    title: '[L3] a payout to which nobody has said yes',
    act: () => ({ ...paid, ...proposed(1) }) as Act,
    fault: { rule: 'L3', code: 'not-enough-approvals' },
  },
  {
    rule: 'enoughConsent',
    title: '[L3] a payout to which those said yes whom nobody asked',
    act: () => ({ ...paid, ...proposed(1) }) as Act,
    yes: [bob, carol, dora, odd],
    fault: { rule: 'L3', code: 'not-enough-approvals' },
  },
  {
    rule: 'enoughConsent',
    title: '[C4] a lost phone’s heir whom neither its owner nor anybody else has vouched for',
    act: (ledger) => emilsReplacement(ledger, { request: joinRequest(ledger, bob, fina, 'vouch') }),
    yes: [bob],
    fault: { rule: 'L3', code: 'not-enough-approvals' },
  },
  {
    rule: 'keeperMayChange',
    title: '[P7] the keeper as the next keeper',
    act: () => keeper(alice),
    fault: { rule: 'P7', code: 'keeps-it-already', device: alice.device },
  },
  {
    rule: 'keeperMayChange',
    title: '[P7] a keeper whom nobody knows',
    act: () => keeper(fina),
    fault: { rule: 'P7', code: 'unknown-device', device: fina.device },
  },
  {
    rule: 'keeperMayChange',
    title: '[P7] a keeper who is suspended',
    act: () => keeper(dora),
    fault: { rule: 'P7', code: 'not-open', device: dora.device },
  },
  {
    rule: 'keeperMayChange',
    title: '[E5] a keeper’s key of small order',
    act: () => keeper({ ...emil, witness: odd.witness }),
    fault: { rule: 'L0', code: 'key-not-ordinary', device: emil.device },
  },
  {
    rule: 'limitsChange',
    title: '[C3] a limit lowered without a closing',
    act: () => lowered,
    yes: [alice],
    fault: { rule: 'C3', code: 'closing-missing', about: emil.device },
  },
  {
    rule: 'limitsChange',
    title: '[C3] a limit raised with one',
    act: (ledger) => ({
      ...limitsAct(emil, { ...GRANT, lowestBalance: -16_000 }),
      closing: closed(ledger, emil),
    }),
    yes: [alice],
    fault: { rule: 'C3', code: 'closing-not-needed', about: emil.device },
  },
  {
    rule: 'limitsChange',
    title: '[C3] the same limits once more',
    act: () => limitsAct(emil, GRANT),
    yes: [alice],
    fault: { rule: 'C3', code: 'nothing-changes', about: emil.device },
  },
  {
    rule: 'limitsChange',
    title: '[C3] a limit lowered by closing somebody else’s account',
    act: (ledger) => ({ ...limitsAct(carol, LOW), closing: closed(ledger, emil) }),
    yes: [alice],
    fault: { rule: 'C3', code: 'wrong-closings', about: carol.device },
  },
  {
    rule: 'limitsChange',
    title: '[C3] limits of an account that is shut',
    act: () => limitsAct(dora, { ...GRANT, lowestBalance: -16_000 }),
    yes: [alice],
    fault: { rule: 'P7', code: 'not-open', device: dora.device },
  },
  {
    rule: 'standingChanges',
    title: '[C3] a member suspended whose account stays open',
    act: () => standingAct(carol, 'suspended'),
    yes: [alice],
    fault: { rule: 'C3', code: 'wrong-closings', about: memberOf(carol) },
  },
  {
    rule: 'standingChanges',
    title: '[S1] a member expelled who keeps the book’s key',
    act: () => standingAct(dora, 'expelled', 1),
    yes: [alice],
    fault: { rule: 'C3', code: 'key-missing', about: memberOf(dora) },
  },
  {
    rule: 'standingChanges',
    title: '[C3] a member suspended twice',
    act: () => standingAct(dora, 'suspended', 1),
    yes: [alice],
    fault: { rule: 'C3', code: 'nothing-changes', about: memberOf(dora) },
  },
  {
    rule: 'standingChanges',
    title: '[L2] somebody expelled who is not in',
    act: () => ({ ...standingAct(fina, 'expelled'), key: STORY_KEY }),
    yes: [alice],
    fault: { rule: 'L2', code: 'unknown-member', member: memberOf(fina) },
  },
  {
    rule: 'replacementFits',
    title: '[S1] an heir without a new key for the book',
    act: (ledger) => emilsReplacement(ledger, { key: null }),
    fault: { rule: 'C3', code: 'key-missing', about: fina.device },
  },
  {
    rule: 'replacementFits',
    title: '[C4] an heir who is somebody else',
    act: (ledger) => emilsReplacement(ledger, { request: null, heir: carol.device }),
    yes: [alice],
    fault: { rule: 'C4', code: 'wrong-heir', heir: carol.device },
  },
  {
    rule: 'replacementFits',
    title: '[C4] an heir let in as a member of their own',
    act: (ledger) => emilsReplacement(ledger, { request: joinRequest(ledger, emil, fina) }),
    yes: [alice],
    fault: { rule: 'C4', code: 'not-their-request', heir: fina.device },
  },
  {
    rule: 'replacementFits',
    title: '[C4] an heir let in by a neighbour, who signed that invite for devices of their own',
    act: (ledger) => emilsReplacement(ledger, { request: joinRequest(ledger, bob, fina, 'recover') }),
    yes: [alice],
    fault: { rule: 'C4', code: 'not-their-request', heir: fina.device },
  },
  {
    rule: 'replacementFits',
    title: '[C4] one account given up twice in one act',
    act: (ledger) => emilsReplacement(ledger, { closings: [closed(ledger, emil), closed(ledger, emil)] }),
    fault: { rule: 'C3', code: 'wrong-closings', about: fina.device },
  },
  {
    rule: 'replacementFits',
    title: '[C4] the account of a member who is suspended',
    act: (ledger) => emilsReplacement(ledger, { closings: [closed(ledger, dora)] }),
    yes: [alice],
    fault: { rule: 'C4', code: 'wrong-heir', heir: fina.device },
  },
  {
    rule: 'stewardsCanKeep',
    title: '[P7] two stewards',
    act: () => stewards(alice, bob),
    yes: [alice],
    fault: { rule: 'P7', code: 'not-so-many-stewards', count: 2 },
  },
  {
    rule: 'stewardsCanKeep',
    title: '[P7] a steward who is suspended',
    act: () => stewards(alice, bob, carol, dora),
    yes: [alice],
    fault: { rule: 'P7', code: 'not-open', device: dora.device },
  },
  {
    rule: 'stewardsCanKeep',
    title: '[P7] one member with two of four voices',
    act: () => stewards(alice, bob, laptops[0] ?? bob, carol),
    yes: [alice],
    fault: { rule: 'P7', code: 'named-twice', count: 4 },
  },
  {
    rule: 'stewardsCanKeep',
    title: '[P7] a witness key that was used before',
    act: () =>
      ({ ...stewards(alice), stewards: [{ device: alice.device, witness: alice.witness, consent }] }) as Act,
    yes: [alice],
    fault: { rule: 'P7', code: 'named-twice', count: 1 },
  },
  {
    rule: 'quotaStays',
    title: '[F4] another quota within the book',
    act: ({ log }) => ({ type: 'policy', ...proposed(), policy: { ...log.policy, maxEntries: 7 } }),
    yes: [alice],
    fault: { rule: 'F4', code: 'quota-changes-with-the-book' },
  },
  {
    rule: 'payoutGoesToSomebody',
    title: '[L2] a payout to somebody whose account is shut',
    act: () => ({ ...paid, ...proposed(2), to: dora.device }) as Act,
    yes: [alice],
    fault: { rule: 'P7', code: 'not-open', device: dora.device },
  },
  {
    rule: 'payoutGoesToSomebody',
    title: '[L2] a payout to nobody',
    act: () => ({ ...paid, ...proposed(2), to: fina.device }) as Act,
    yes: [alice],
    fault: { rule: 'P7', code: 'unknown-device', device: fina.device },
  },
  {
    rule: 'helpersCanHelp',
    title: '[C4] more helpers needed than there are',
    act: () => helpers([carol, emil], 3),
    yes: [bob],
    fault: { rule: 'C4', code: 'wrong-helpers', device: bob.device },
  },
  {
    rule: 'helpersCanHelp',
    title: '[C4] helpers of whom none is needed',
    act: () => helpers([carol, emil], 0),
    yes: [bob],
    fault: { rule: 'C4', code: 'wrong-helpers', device: bob.device },
  },
  {
    rule: 'helpersCanHelp',
    title: '[C4] oneself as one’s own helper',
    act: () => helpers([carol, bob], 1),
    yes: [bob],
    fault: { rule: 'C4', code: 'wrong-helpers', device: bob.device },
  },
  {
    rule: 'helpersCanHelp',
    title: '[C4] helpers chosen on a phone that is shut',
    act: () => helpers([carol], 1, dora),
    yes: [dora],
    fault: { rule: 'P7', code: 'not-open', device: dora.device },
  },
  {
    rule: 'unlockIsNeeded',
    title: '[C1] an account opened that is shut by its member’s standing',
    act: (ledger) => ({ type: 'unlock', closing: closed(ledger, dora) }),
    fault: { rule: 'P7', code: 'not-open', device: dora.device },
  },
];
