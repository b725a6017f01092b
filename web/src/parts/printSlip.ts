/** Prints the slip on the screen: on an 80 mm strip or on an A6 card. The paper is chosen by a mark on the page. */
export const printSlip = (paper: 'strip' | 'a6'): void => {
  const root = document.documentElement;
  root.dataset['paper'] = paper;
  addEventListener('afterprint', () => delete root.dataset['paper'], { once: true });
  // the sheet must be closed and gone before the page is laid out for paper
  requestAnimationFrame(() => requestAnimationFrame(() => print()));
};
