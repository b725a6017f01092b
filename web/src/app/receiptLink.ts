/** An entry's id in a link to its receipt. It says nothing to whoever has not the book. */
const RECEIPT = /#r=([0-9a-f]{64})(?![0-9a-f])/;

/** What one person sends another so that both look at one entry, each in their own book. */
export const receiptLink = (app: string, id: string): string => `${app}/#r=${id}`;

/** The id in a link, or in a text with one in it. */
export const readReceiptLink = (text: string): string | null => RECEIPT.exec(text)?.[1] ?? null;
