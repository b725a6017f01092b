import { afterEach, expect, test } from 'vitest';
import { toBase64url, fromHex } from '@corridor/ledger';
import { createSignatureChecker, type SavedBookView } from '@corridor/peer';
import { createSha256 } from '@corridor/peer/node';
import { eventually } from '@corridor/testing/peers';
import { savedFile, writeBook } from '@corridor/testing/writtenBook';
import { MAX_SAVED_BOOK_BYTES } from '../../src/core/limits.ts';
import { readSavedBook } from '../../src/core/savedBook.ts';
import {
  allFinal,
  circleOf,
  copyOf,
  inside,
  joins,
  pays,
  refusal,
  shown,
  value,
  village,
  viewOf,
  type Person,
} from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});
const utf8 = new TextEncoder();
const textOf = (file: Uint8Array): string => new TextDecoder().decode(file);
const saved = ({ peer }: Person): Promise<Uint8Array> => value(peer.intents.exportLog());
const reads = ({ peer }: Person, file: Uint8Array | string): Promise<SavedBookView> =>
  value(peer.intents.readSavedBook(typeof file === 'string' ? utf8.encode(file) : file));
/** What is said to be wrong with a file, and in which line. */
const faultOf = async ({ peer }: Person, text: string): Promise<readonly unknown[]> => {
  for (const ask of [peer.intents.readSavedBook, peer.intents.bringInBook]) {
    const answer = await ask(utf8.encode(text));
    if (answer.ok) return ['no fault'];
    expect(answer.refusal.code).toBe('saved-book');
    const { line, reason } = answer.refusal.values;
    if (ask === peer.intents.bringInBook) return [line, reason];
  }
  throw new Error('asked twice');
};
async function three(): Promise<readonly [Person, Person, Person]> {
  const [alice, bob, carol] = await circleOf(place, 'alice', 'bob', 'carol');
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('three people');
  await eventually('Bob and Carol know each other', () =>
    [bob, carol].every((p) => viewOf(p)?.people.filter((other) => other.name !== '').length === 3),
  );
  return [alice, bob, carol];
}
/** Nobody hears `person` any more. */
const alone = (person: Person, others: readonly Person[]): void => {
  for (const other of others) place.network.cut(person.name, other.name);
};
/** Two trades of which Carol hears nothing, and Alice's book with them. */
async function missed(): Promise<{
  readonly people: readonly [Person, Person, Person];
  readonly file: Uint8Array;
}> {
  const people = await three();
  const [alice, bob, carol] = people;
  await pays(bob, carol, 250, { memo: 'Quince jelly' });
  await allFinal([bob, carol], 1);
  alone(carol, [alice, bob]);
  await pays(bob, alice, 480, { memo: 'Two rye loaves' });
  await pays(alice, bob, 30, { memo: 'Thread' });
  await eventually('Alice has all of it, notes too', () =>
    viewOf(alice)?.lines.every(({ state, memo }) => state === 'final' && memo !== ''),
  );
  return { people, file: await saved(alice) };
}
const memos = (person: Person): readonly (string | undefined)[] =>
  (viewOf(person)?.lines ?? []).map(({ memo }) => memo);

test('[S4] a saved book holds entries, signatures, names and notes, and no secret of any kind', async () => {
  const { people, file } = await missed();
  const [alice] = people;
  await value(alice.peer.intents.setLock('correct horse', null));
  const { link } = await value(alice.peer.intents.createInvite('member'));
  const text = textOf(await saved(alice));
  expect(text).toBe(textOf(file));
  const plain = text
    .split('\n')
    .flatMap((line) => line.replace(/^\w+:/, '').split('.'))
    .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    .join('\n');
  for (const kept of ['alice', 'bob', 'carol', 'Quince jelly', 'Two rye loaves', 'Thread'])
    expect(plain, kept).toContain(kept);

  const record = alice.peer.circle()?.record;
  const secrets = new Map<string, string>([
    ...[...alice.disk.keys.values()].map(
      ({ purpose, secret }) => [purpose, Buffer.from(secret).toString('hex')] as const,
    ),
    ['book key', record?.bookKeys[0]?.key ?? ''],
    ['network', record?.networkSeed ?? ''],
    ['passphrase', Buffer.from('correct horse').toString('hex')],
    ['invite', Buffer.from(link.split('#j=')[1] ?? '', 'base64url').toString('hex')],
  ]);
  expect([...secrets.keys()].sort()).toEqual(
    ['book key', 'device', 'invite', 'network', 'passphrase', 'sealing', 'witness'].sort(),
  );
  for (const [what, hex] of secrets) {
    expect(hex.length, what).toBeGreaterThan(20);
    const raw = Buffer.from(hex, 'hex');
    for (const form of ['hex', 'base64', 'base64url', 'latin1'] as const) {
      expect(text.includes(raw.toString(form)), `${what} as ${form}`).toBe(false);
      expect(plain.includes(raw.toString(form)), `${what} as ${form}, inside`).toBe(false);
    }
  }
});

test('[S4] [P9] a phone without a circle reads a saved book, checks all of it and keeps nothing', async () => {
  const { file } = await missed();
  const dora = await place.open('dora');
  const before = [...dora.disk.records.keys()];
  expect(await reads(dora, file)).toMatchObject({
    circleName: 'Valldor',
    unit: { name: 'dor', decimals: 2 },
    belongs: 'no-circle-here',
    members: 3,
    payments: 3,
    sumsToZero: true,
    leftOut: 0,
    news: { entries: 0, payments: 0, texts: 0 },
  });
  expect(await refusal(dora.peer.intents.bringInBook(file))).toBe('not-ready');
  expect(dora.peer.view()).toEqual({ stage: 'none' });
  expect([...dora.disk.records.keys()]).toEqual(before);
});

test('[S4] [P9] Carol brings in what she missed: said before, kept strictly, and the same as everybody’s', async () => {
  const { people, file } = await missed();
  const [alice, , carol] = people;
  const had = viewOf(carol)?.entryCount ?? 0;
  const preview = await reads(carol, file);
  expect(preview).toMatchObject({ belongs: 'this-circle', news: { payments: 2, texts: 2 } });
  expect(viewOf(carol)?.entryCount, 'a look keeps nothing').toBe(had);
  expect(await value(carol.peer.intents.bringInBook(file))).toEqual(preview.news);
  expect(viewOf(carol)?.entryCount).toBe(had + preview.news.entries);
  // A power cut right after: what was said to be brought in is there, notes and all, and looks as Alice's book does.
  const back = await carol.crash();
  await inside(back);
  expect(viewOf(back)?.entryCount).toBe(had + preview.news.entries);
  const asAlice = await reads(back, await saved(alice));
  expect(asAlice.news).toEqual({ entries: 0, payments: 0, texts: 0 });
  expect(await value(back.peer.intents.bringInBook(file))).toEqual({ entries: 0, payments: 0, texts: 0 });
  const { people: balances } = await inside(back);
  expect(balances.map(({ name, balance }) => [name, balance])).toEqual(
    viewOf(alice)?.people.map(({ name, balance }) => [name, balance]),
  );
});

test('[S4] another circle’s book is named as such, and nothing of it comes in', async () => {
  const { file } = await missed();
  const other = village();
  const [erik] = await circleOf(other, 'erik');
  if (erik === undefined) throw new Error('Erik');
  const had = viewOf(erik)?.entryCount;
  expect(await reads(erik, file)).toMatchObject({
    belongs: 'another-circle',
    circleName: 'Valldor',
    news: { entries: 0, payments: 0, texts: 0 },
  });
  const answer = await erik.peer.intents.bringInBook(file);
  expect(answer).toEqual({
    ok: false,
    refusal: { code: 'book-of-another-circle', values: { name: 'Valldor' } },
  });
  expect(viewOf(erik)?.entryCount).toBe(had);
  await other.close();
});

test('[S4] [E5] [F2] whatever was changed in a file is named by line and reason, and nothing is kept of it', async () => {
  const { people, file } = await missed();
  const [alice, , carol] = people;
  const had = viewOf(carol)?.entryCount;
  const lines = textOf(file).split('\n');
  const without = (...gone: readonly number[]): string => {
    const left = lines.filter((_, at) => !gone.includes(at) && !/^(?:end:.*)?$/.test(lines[at] ?? ''));
    return [...left, `end:${left.length}`, ''].join('\n');
  };
  const withLine = (at: number, line: string): string => lines.with(at, line).join('\n');
  const isSigned = (line = ''): boolean => line.includes('.');
  const signed = lines.findIndex((line, at) => at > 2 && isSigned(line));
  const [entry = '', signature = ''] = lines[signed]?.split('.') ?? [];
  const turned = Buffer.from(signature, 'base64url');
  turned[9] = (turned[9] ?? 0) ^ 1;
  const text = lines.findIndex((line) => line.startsWith('text:'));
  const foreign = `text:${toBase64url(fromHex(`8250${'00'.repeat(16)}634a616d`) ?? new Uint8Array(0))}`;
  const last = lines.length - 2;

  expect(await faultOf(carol, '')).toEqual([1, 'not-a-book']);
  expect(await faultOf(carol, '\u0000\u0001 a picture')).toEqual([1, 'not-a-book']);
  expect(await faultOf(carol, textOf(file).replace('circle:2', 'circle:3'))).toEqual([1, 'newer']);
  expect(await faultOf(carol, textOf(file).slice(0, 900))).toEqual([expect.any(Number), 'cut-off']);
  expect(await faultOf(carol, lines.toSpliced(last, 1).join('\n'))).toEqual([last, 'cut-off']);
  expect(await faultOf(carol, withLine(4, '=?'))).toEqual([5, 'unreadable']);
  expect(await faultOf(carol, withLine(1, (lines[1] ?? '').split('.')[0] ?? ''))).toEqual([
    2,
    'bad-signature',
  ]);
  expect(await faultOf(carol, withLine(signed, `${entry}.${toBase64url(turned)}`))).toEqual([
    signed + 1,
    'bad-signature',
  ]);
  expect(await faultOf(carol, withLine(text, foreign))).toEqual([text + 1, 'belongs-to-nothing']);
  // Without Bob's admission nobody knows who he is; without his first payment his second hangs on nothing.
  const money = lines.findIndex((_, at) => at > 2 && isSigned(lines[at - 1]) && !isSigned(lines[at]));
  expect(money).toBeGreaterThan(0);
  expect(await faultOf(carol, without(2))).toEqual([3, 'hangs-on-nothing']);
  expect(await faultOf(carol, without(money))).toEqual([
    expect.any(Number),
    expect.stringMatching(/hangs-on-nothing|unknown-author/),
  ]);
  const big = await carol.peer.intents.readSavedBook(new Uint8Array(MAX_SAVED_BOOK_BYTES + 1));
  expect(big).toEqual({
    ok: false,
    refusal: { code: 'saved-book', values: { line: 0, reason: 'too-big' } },
  });
  expect(await refusal(alice.peer.intents.readSavedBook(Uint8Array.of(0xff, 0xd8)))).toBe('saved-book');
  expect(viewOf(carol)?.entryCount).toBe(had);

  // A book of the first form, without texts and without an end, still comes in.
  const old = lines.filter((line) => line !== '' && !line.includes(':')).map((line) => `${line}\n`);
  expect((await reads(carol, old.join(''))).news).toMatchObject({ payments: 2, texts: 0 });
  expect(await value(carol.peer.intents.bringInBook(utf8.encode(old.join(''))))).toMatchObject({
    payments: 2,
  });
  // Its notes come later, out of a whole one.
  expect((await reads(carol, file)).news).toEqual({ entries: 0, payments: 0, texts: 2 });
});

test('[F2] what stands after the last signature of a chain is left where it is, and counted', async () => {
  const { people, file } = await missed();
  const [, , carol] = people;
  const lines = textOf(file).split('\n');
  // The newest voice entry loses its signature: nobody vouches for it any more.
  const newest = lines.findLastIndex((line) => line.includes('.') && !line.includes(':'));
  const bare = lines.with(newest, (lines[newest] ?? '').split('.')[0] ?? '').join('\n');
  const whole = await reads(carol, file);
  const cut = await reads(carol, bare);
  expect(cut.leftOut).toBeGreaterThan(0);
  expect(cut.entries).toBe(whole.entries - cut.leftOut);
});

test('[E6] a text that was erased here does not come back with a saved book', async () => {
  const { people, file } = await missed();
  const [, , carol] = people;
  const { texts, hash } = await (async () => {
    const read = await readSavedBook(file, {
      sha256: await createSha256(),
      checker: await createSignatureChecker(),
    });
    if (!read.ok) throw new Error(JSON.stringify(read.fault));
    const found = [...read.value.texts].find(([, record]) => record.text === 'Two rye loaves');
    if (found === undefined) throw new Error('the loaves');
    return { texts: read.value.texts.size, hash: found[0] };
  })();
  expect(texts).toBe(6);
  carol.peer.circle()?.replica.book.writeTexts([{ hash, sealed: new Uint8Array(0) }]);
  await carol.peer.circle()?.replica.flush();
  expect((await reads(carol, file)).news).toMatchObject({ payments: 2, texts: 1 });
  expect(await value(carol.peer.intents.bringInBook(file))).toMatchObject({ texts: 1 });
  expect(memos(carol)).not.toContain('Two rye loaves');
  expect(carol.peer.circle()?.texts.read(hash)).toBeUndefined();
  const back = await carol.reload();
  await inside(back);
  expect(back.peer.circle()?.texts.read(hash)).toBe('');
  expect(textOf(await saved(back))).not.toContain(
    Buffer.from('Two rye loaves').toString('base64url').slice(2, -2),
  );
});

test('[F3] [I3] a saved book with another history of somebody comes in as the proof of it, and moves no balance', async () => {
  const [alice, bob, carol] = await three();
  await pays(bob, alice, 100);
  await allFinal([alice, bob], 1);
  const backup = copyOf(bob.disk);
  await pays(bob, alice, 200);
  await allFinal([alice, bob], 2);
  await eventually('Carol has it', () => viewOf(carol)?.entryCount === viewOf(alice)?.entryCount);
  // Bob's phone, restored from an older copy, is out of everybody's reach when it signs another payment.
  await bob.peer.stop();
  place.network.cut('bob again', 'alice');
  place.network.cut('bob again', 'carol');
  const restored = await place.open('bob again', {}, backup);
  await inside(restored);
  await pays(restored, carol, 300);
  const file = await saved(restored);
  const before = [shown(alice), shown(carol)];
  expect((await reads(carol, file)).news).toMatchObject({ payments: 1 });
  await value(carol.peer.intents.bringInBook(file));
  await eventually('the two stand side by side', () => viewOf(carol)?.faults.length === 1);
  expect(viewOf(carol)?.faults).toMatchObject([{ kind: 'two-histories', memberName: 'bob' }]);
  expect([shown(alice), shown(carol)]).toEqual(before);
});

test('[P3] a payment taken by code, and what its request was for, go along', async () => {
  const [alice, bob, carol] = await three();
  // Carol's other phone, which heard nothing of it.
  const tablet = await place.open('carol’s tablet');
  await joins(tablet, carol, 'device');
  for (const other of [alice, bob, carol]) place.network.cut(tablet.name, other.name);
  alone(bob, [alice, carol]);
  await pays(bob, alice, 500);
  const { code } = await value(carol.peer.intents.request(700, 'Quince jelly', null, 10));
  const { handOverCode } = await pays(bob, carol, 700, { handOver: true, requestCode: code });
  await value(carol.peer.intents.readCode(handOverCode ?? ''));
  const file = await saved(carol);
  expect(textOf(file)).toMatch(/\nhanded:[^\n]+\nrequest:/);
  expect((await reads(tablet, file)).news).toMatchObject({ payments: 1, texts: 1 });
  expect(await value(tablet.peer.intents.bringInBook(file))).toMatchObject({ payments: 1, texts: 1 });
  const back = await tablet.crash();
  await inside(back);
  expect(viewOf(back)?.balance).toMatchObject({ shown: 0, waitingIn: 700 });
  expect(memos(back)).toEqual(['Quince jelly']);
  // Another signature on it, or a request that no payment answers, is no part of any book.
  const lines = textOf(file).split('\n');
  const handed = lines.findIndex((line) => line.startsWith('handed:'));
  const other = (lines[handed] ?? '').replace(
    /\.(.)/,
    (_, letter: string) => `.${letter === 'A' ? 'B' : 'A'}`,
  );
  expect(await faultOf(back, lines.with(handed, other).join('\n'))).toEqual([handed + 1, 'bad-signature']);
  const unanswered = await value(carol.peer.intents.request(900, 'Pears', null, 10));
  expect(textOf(await saved(carol)).match(/\nrequest:/g)).toHaveLength(1);
  expect(unanswered.code).not.toBe('');
});

test('[P6] a disk that refuses while a book is brought in: said so, and brought in once there is room', async () => {
  const { people, file } = await missed();
  const [, , carol] = people;
  carol.disk.refuseWrites('quota');
  expect(await refusal(carol.peer.intents.bringInBook(file))).toBe('storage-refused');
  carol.disk.refuseWrites(undefined);
  await value(carol.peer.intents.bringInBook(file));
  const back = await carol.crash();
  await inside(back);
  expect((await reads(back, file)).news).toEqual({ entries: 0, payments: 0, texts: 0 });
});

test('[I18] ten thousand entries are read and checked in a moment; a forged one among them is found', async () => {
  const book = writeBook(10_000);
  const { ledger } = book;
  const text = savedFile(book);
  const ports = { sha256: await createSha256(), checker: await createSignatureChecker() };
  const start = performance.now();
  const read = await readSavedBook(utf8.encode(text), ports);
  const seconds = (performance.now() - start) / 1000;
  expect(read.ok && read.value.ledger.entries.size).toBe(ledger.entries.size);
  expect(read.ok && read.value.sumsToZero).toBe(true);
  expect(seconds).toBeLessThan(20);
  const lines = text.split('\n');
  const at = lines.findIndex((line, place_) => place_ > 5000 && line.includes('.'));
  const forged = lines.with(at, `${(lines[at] ?? '').split('.')[0]}.${'A'.repeat(86)}`).join('\n');
  expect(await readSavedBook(utf8.encode(forged), ports)).toEqual({
    ok: false,
    fault: { line: at + 1, reason: 'bad-signature' },
  });
});
