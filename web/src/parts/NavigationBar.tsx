import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { useWords } from '../app/app.ts';
import { Drawing } from './Drawing.tsx';

/** Which of the three places a path belongs to; null while paying. */
const placeOf = (path: string): 'home' | 'pay' | 'circle' | 'me' | null => {
  if (path === '/') return 'home';
  const first = path.split('/')[1] ?? '';
  if (['circle', 'people', 'invite'].includes(first)) return 'circle';
  if (first === 'me') return 'me';
  return first === 'pay' || first === 'scan' ? 'pay' : null;
};

/** Home · Circle · Me: at the bottom on a phone, a rail at the side on a desk. */
export function NavigationBar(): VNode {
  const m = useWords();
  const place = placeOf(useLocation().path);
  const current = (name: string): 'page' | undefined => (place === name ? 'page' : undefined);
  return (
    <nav class="bar" aria-label={m.navigation()}>
      <a class="rail-only" href="/pay" aria-current={current('pay')}>
        <Drawing name="scan" />
        {m.scan_or_pay()}
      </a>
      <a href="/" aria-current={current('home')}>
        <Drawing name="home" />
        {m.home()}
      </a>
      <a href="/circle" aria-current={current('circle')}>
        <Drawing name="circle" />
        {m.circle()}
      </a>
      <a href="/me" aria-current={current('me')}>
        <Drawing name="me" />
        {m.me()}
      </a>
    </nav>
  );
}
