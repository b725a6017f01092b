/** The papers that something of the app is laid out for: a receipt's strip and card, and a sheet to keep. */
export type Paper = 'strip' | 'a6' | 'a5' | 'a4';

/** Prints what the screen shows on that paper. It is chosen by a mark on the page. */
export const printPaper = (paper: Paper): void => {
  const root = document.documentElement;
  root.dataset['paper'] = paper;
  addEventListener('afterprint', () => delete root.dataset['paper'], { once: true });
  // the sheet must be closed and gone before the page is laid out for paper
  requestAnimationFrame(() => requestAnimationFrame(() => print()));
};
