/**
 * The part of the hard vectors that can unmask an engine: signatures anyone must accept, and such that E5
 * refuses but some engine was seen, or is easily imagined, to accept. All of them: `packages/testing/vectors`.
 */

/** Key, message and signature, hex. */
export type SelfTestVector = readonly [key: string, message: string, signature: string];

const KEY = 'ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c';
const MESSAGE = '416e6120706169642042656e20666f72206272656164';
const R = 'eb9a292d1aaedfb60ccb18f66099a94dd127122303a8a07038d8f1508f67a890';
const S = 'd20865b3a85c76304788862a2b1b400dc418cc69673c9bd22a6f07c10eadf203';

const S_PLUS_L = 'bfdc5a10c3bf88881d257ecd09151f22c418cc69673c9bd22a6f07c10eadf213';
const S_PLUS_14_L = 'c89fd6c819c87701001c111458c57131c518cc69673c9bd22a6f07c10eadf2e3';
const L = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';
const ZERO = '0'.repeat(64);
const ONE = `01${'0'.repeat(62)}`;
const ONES = 'f'.repeat(64);

const ANOTHER_KEY = '829165e46f2b10cc109f3f283a8fd493ea8b5b4283469692bacffccb9405a76c';
const ANOTHER_MESSAGE = '416e6120706169642042656e20666f722063616b6573';
/** y = 2 is on no point of the curve; S fits it as far as any S can. */
const OFF_CURVE = `02${'0'.repeat(62)}`;
const S_FOR_OFF_CURVE = '0ec37a409a8bf689244e37868a55523e8c836ecdf7bda0a3ad7bd7180925fc0c';
const R_FLIPPED = `ea${R.slice(2)}`;
const S_FLIPPED = `${S.slice(0, -1)}b`;

/** The 14 encodings of points of small order. */
const SMALL_ORDER = [
  `01${'0'.repeat(62)}`,
  `01${'0'.repeat(60)}80`,
  `ee${'f'.repeat(60)}7f`,
  `ee${'f'.repeat(62)}`,
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '0'.repeat(64),
  `${'0'.repeat(62)}80`,
  `ed${'f'.repeat(60)}7f`,
  `ed${'f'.repeat(62)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  `ec${'f'.repeat(60)}7f`,
  `ec${'f'.repeat(62)}`,
];
const smallR = (at: number): string => SMALL_ORDER[at % SMALL_ORDER.length] ?? ZERO;

/** Any engine accepts these. */
export const ACCEPTED: readonly SelfTestVector[] = [
  [KEY, MESSAGE, R + S],
  // RFC 8032 §7.1, tests 1 to 3
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
];

/** E5 refuses these. */
export const REFUSED: readonly SelfTestVector[] = [
  [KEY, MESSAGE, R + S_PLUS_L],
  [KEY, MESSAGE, R + S_PLUS_14_L],
  [KEY, MESSAGE, R + ONES],
  [KEY, MESSAGE, ZERO + ZERO],
  [KEY, ANOTHER_MESSAGE, R + S],
  [ANOTHER_KEY, MESSAGE, R + S],
  [KEY, MESSAGE, R_FLIPPED + S],
  [KEY, MESSAGE, R + S_FLIPPED],
  [KEY, MESSAGE, OFF_CURVE + S],
  [OFF_CURVE, MESSAGE, R + S_FOR_OFF_CURVE],
  // R = 1 spelt y = p + 1, but hashed as y = 1
  [KEY, MESSAGE, `${smallR(2)}674f9eb5a9946aa473cd4091529be5c0f1cdc4cb589a5d06c8febc7dc0f6980e`],
  // 6, 7 and 8 of "Taming the many EdDSAs"
  [
    '442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623',
    '85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40',
    'e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514',
  ],
  [
    '442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623',
    '85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40',
    '8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22',
  ],
  [
    'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43',
    '9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f',
  ],
  // ZIP 215's grid is valid with S = 0: with L in its place the equation still holds, but S ≥ L.
  ...SMALL_ORDER.flatMap((key) => SMALL_ORDER.map((r): SelfTestVector => [key, '5a63617368', r + L])),
  ...SMALL_ORDER.map((key, i): SelfTestVector => [key, '5a63617368', smallR(5 * i + 3) + ONE]),
];
