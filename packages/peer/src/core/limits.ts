/** Bounds of the peer's core: what one remote or one circle may cost [I18]. */

/** Slow reference checks that one remote may cost us per link [E5]. */
export const REMOTE_CHECKS = 256;
/** A remote that broke the protocol is not spoken to for this long, seconds. */
export const BAN_SECONDS = 600;
/** A remote whose slow checks are used up is met again after this long, seconds: they take about a hundredth of our time. */
export const REST_SECONDS = 60;
/** Milliseconds between two looks at every session's clock. */
export const TICK_MS = 1000;
/** Runs of one link that wait for the signature at their end. */
export const MAX_TAILS = 8;
/** Links of each protocol served at once. */
export const MAX_SESSIONS = 64;
export const MAX_DOORS = 16;
/** Of the links, those to devices that were removed. */
export const MAX_PARTINGS = 8;
/** Book keys that brought nobody nearer for this long are asked for again at another door, milliseconds. */
export const REJOIN_MS = 60_000;
/** A disk that refused is asked again after so long, milliseconds: somebody may have made room. */
export const DISK_RETRY_MS = 5000;
/** How long a device that starts waits for somebody to ask before it signs [W2], milliseconds; and how often, while it is being told. */
export const ASK_FIRST_MS = 3000;
export const MAX_ASK_FIRST = 5;
/** Changes that are shown at once: a payment that comes and is final in the same moment. */
export const VIEW_BURST = 4;
/** Beyond those: how long changes gather before the screen is told, milliseconds. */
export const VIEW_MS = 30;
/** Lines in a view; the rest is asked for. */
export const VIEW_LINES = 100;
/** Lines one `lines` intent may ask for. */
export const MAX_LINES_ASKED = 500;
/** Closed books opened at once for who is far behind, and how long one stays open that nobody names, milliseconds. */
export const MAX_OLDER_OPEN = 2;
export const OLDER_OPEN_MS = 10 * 60_000;
/** How long each witness waits for the ones before it to write down a book's opening [B2], milliseconds. */
export const OPENING_TURN_MS = 60_000;
/** How long each witness waits for the ones before it to carry the charter over into a new book [B1], milliseconds. */
export const CARRY_TURN_MS = 60_000;
/** How often a phone looks whether the book's days are over, milliseconds. */
export const CALENDAR_LOOK_MS = 3_600_000;
/** How far behind a phone's clock somebody else's may be and still confirm that the days are over [B1], milliseconds. */
export const CLOCKS_APART_MS = 2 * 86_400_000;
/** Bytes of an opening and of what comes with it that are gathered before any of it can be checked [B2]. */
export const MAX_COLLECTED_BYTES = 16 * 2 ** 20;
/** How long a newcomer whose invite cannot tell waits for a second word on the book it is to begin with, milliseconds. */
export const BEGIN_ALONE_MS = 20_000;
/** Doors that are remembered because their keys led nowhere. */
export const MAX_AVOIDED_DOORS = 64;
/** Links from which openings are gathered at once. */
export const MAX_COLLECTED_FROM = 4;
/** Join requests waiting for the keeper. */
export const MAX_JOINS_WAITING = 64;
/** Payments taken from codes whose chain has not arrived. */
export const MAX_HANDED = 256;
/** Open requests to be paid that are remembered. */
export const MAX_INVOICES = 512;
/** How long a request to be paid may stand: a month. */
export const MAX_REQUEST_MINUTES = 31 * 24 * 60;
/** Seconds that a new phone has to be let back in with the help of neighbours: longer than the notice [C4]. */
export const HELP_SECONDS = 14 * 24 * 3600;
/** Seconds an invite may be used [S2]. */
export const INVITE_SECONDS = 48 * 3600;
/** Seconds that a poster may hang [S2]. */
export const POSTER_SECONDS = 14 * 24 * 3600;
/** A phone that has not heard from the circle for this long pays small amounts only, seconds. */
export const STALE_SECONDS = 24 * 3600;
/** Notes of presses kept, counted in payments of this device since: no screen repeats an older one, whatever clocks say. */
export const PRESSES_KEPT = 256;
/** Ids one "I have it" gathers for, milliseconds: a burst becomes one entry. */
export const HAVE_MS = 5;
/** Characters of a code or link that is read at all. */
export const MAX_CODE_CHARS = 4096;
/** How long the witness whose turn it is has to make the next book key before another makes one, milliseconds. */
export const KEY_TURN_MS = 15_000;
/** How long a recovery that others vouch for is announced before it is carried out, seconds: any own device can veto it. */
export const NOTICE_SECONDS = 48 * 3600;
/** A request for room that was not answered for so long is not answered any more, seconds. */
export const ROOM_ASKED_SECONDS = 7 * 24 * 3600;
/** How long a payment waits for room from an own device that is online, milliseconds. */
export const ROOM_WAIT_MS = 4000;
/** Circles founded anew from one that are shown side by side [K1]. */
export const MAX_NEW_CIRCLES = 4;
/** Comments on one motion that are shown. */
export const MAX_COMMENTS_SHOWN = 200;
/** Bytes of a saved book that is read at all: a circle of some hundred people over some years. */
export const MAX_SAVED_BOOK_BYTES = 64 * 2 ** 20;
/** Slow reference checks that one saved book may cost us [E5]: some seconds. */
export const SAVED_BOOK_CHECKS = 1024;
/** Entries of a saved book taken in before other work gets its turn. */
export const IMPORT_BATCH = 512;
/** Motions of the book before that are shown as ended with it. */
export const MAX_ENDED_SHOWN = 20;
