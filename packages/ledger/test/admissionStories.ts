/** Newcomers, second devices and heirs who must not be let in like that [S2] [C4]. */
import { joinRequest, person } from '@corridor/testing';
import { admission, emilsReplacement, fina, GRANT, odd, type Story } from './decisionVillage.ts';
import { alice, anId, bob, carol, dora, emil } from './stories.ts';

export const ADMISSIONS: readonly Story[] = [
  {
    rule: 'requestIsNew',
    title: '[S2] an invite that was used',
    act: (ledger) => admission(ledger, joinRequest(ledger, alice, fina, 'member', bob.name)),
    fault: { rule: 'S2', code: 'invite-used' },
  },
  {
    rule: 'requestIsNew',
    title: '[L0] somebody who is in already',
    act: (ledger) => admission(ledger, joinRequest(ledger, alice, carol, 'member', 'again')),
    fault: { rule: 'L0', code: 'already-admitted', device: carol.device },
  },
  {
    rule: 'requestIsNew',
    title: '[C4] an heir let in by an invite that was used',
    act: (ledger) =>
      emilsReplacement(ledger, { request: joinRequest(ledger, emil, fina, 'recover', bob.name) }),
    fault: { rule: 'S2', code: 'invite-used' },
  },
  {
    rule: 'inviterStands',
    title: '[S2] an inviter who is suspended',
    act: (ledger) => admission(ledger, joinRequest(ledger, dora, fina)),
    fault: { rule: 'S2', code: 'inviter-not-active' },
  },
  {
    rule: 'inviterStands',
    title: '[S2] an inviter whom nobody knows',
    act: (ledger) => admission(ledger, joinRequest(ledger, person('Nobody'), fina)),
    fault: { rule: 'S2', code: 'unknown-inviter' },
  },
  {
    rule: 'inviteKnowsThisLog',
    title: '[S2] an invite of another log',
    act: (ledger) => admission(ledger, { ...joinRequest(ledger, alice, fina), decision: anId('6') }),
    fault: { rule: 'S2', code: 'unknown-decision' },
  },
  {
    rule: 'inviteKnowsThisLog',
    title: '[C4] a recovery invite of another circle',
    act: (ledger) =>
      emilsReplacement(ledger, {
        request: { ...joinRequest(ledger, emil, fina, 'recover'), decision: anId('6') },
      }),
    fault: { rule: 'S2', code: 'unknown-decision' },
  },
  {
    rule: 'newKeyIsOrdinary',
    title: '[E5] a newcomer whose key is of small order',
    act: (ledger) => admission(ledger, joinRequest(ledger, alice, odd)),
    fault: { rule: 'L0', code: 'key-not-ordinary', device: odd.device },
  },
  {
    rule: 'admissionIsOne',
    title: '[C4] a recovery that replaces nothing',
    act: (ledger) => admission(ledger, joinRequest(ledger, emil, fina, 'recover')),
    fault: { rule: 'S2', code: 'not-for-admission', device: fina.device },
  },
  {
    rule: 'grantedLimits',
    title: '[S2] other limits than the policy grants',
    act: (ledger) =>
      admission(ledger, joinRequest(ledger, alice, fina), { ...GRANT, lowestBalance: -15_001 }),
    fault: { rule: 'S2', code: 'not-the-granted-limits', device: fina.device },
  },
  {
    rule: 'grantedLimits',
    title: '[S2] room to spend on a second device',
    act: (ledger) => admission(ledger, joinRequest(ledger, emil, fina, 'device'), GRANT),
    fault: { rule: 'S2', code: 'not-the-granted-limits', device: fina.device },
  },
  {
    rule: 'fewDevices',
    title: '[C3] a fifth device of one member',
    act: (ledger) => admission(ledger, joinRequest(ledger, bob, fina, 'device')),
    fault: { rule: 'S2', code: 'too-many-devices', device: fina.device },
  },
];
