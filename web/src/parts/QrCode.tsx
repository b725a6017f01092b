import { useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import encodeQR from 'qr';

/** Light modules around the code, as the standard asks. */
const QUIET = 4;

/** One path for all dark modules, run by run. */
const qrPath = (modules: readonly (readonly boolean[])[]): string => {
  let path = '';
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (row[x] !== true) continue;
      let end = x;
      while (row[end + 1] === true) end++;
      path += `M${x} ${y}h${end - x + 1}v1h${x - end - 1}z`;
      x = end;
    }
  });
  return path;
};

interface Props {
  readonly text: string;
  /** What the code is, for whoever can't see it. */
  readonly label: string;
}
/** A QR code on a white card, white in the dark too: cameras need the contrast. */
export default function QrCode({ text, label }: Props): VNode {
  const { size, path } = useMemo(() => {
    const modules = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET });
    return { size: modules.length, path: qrPath(modules) };
  }, [text]);
  return (
    <div class="qr-card" data-testid="qr" data-code={text} role="img" aria-label={label}>
      <svg viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges" aria-hidden="true">
        <path d={path} fill="#000" />
      </svg>
    </div>
  );
}
