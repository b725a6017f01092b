/** What a browser says of itself, as far as it matters here. */
export interface BrowserSelf {
  readonly platform: string;
  readonly userAgent: string;
  readonly maxTouchPoints: number;
  /** Opened from the home screen. */
  readonly installed: boolean;
}

/** Other browsers of an iPhone say Safari too, and add a name of their own. */
const OTHERS = /CriOS|FxiOS|EdgiOS|OPT\/|OPiOS|OPX\/|DuckDuckGo|Ddg\/|YaBrowser|GSA\/|Focus\//;

/**
 * Whether this is Safari on an iPhone or iPad, in a tab. There the app on the home screen has a storage of its own:
 * who joins in the tab and installs afterwards starts empty. An iPad says it is a Mac; no Mac has a touch screen.
 */
export const isSafariTab = ({ platform, userAgent, maxTouchPoints, installed }: BrowserSelf): boolean => {
  const touch = /^(?:iPhone|iPad|iPod)/.test(platform) || (platform === 'MacIntel' && maxTouchPoints > 1);
  // pages inside other apps name no version
  const safari = /Version\/[\d.]+ (?:\S+ )*Safari\//.test(userAgent) && !OTHERS.test(userAgent);
  return touch && safari && !installed;
};

const DISPLAYS = ['standalone', 'fullscreen', 'minimal-ui'];

/** This browser. */
export const thisBrowser = (): BrowserSelf => ({
  platform: navigator.platform,
  userAgent: navigator.userAgent,
  maxTouchPoints: navigator.maxTouchPoints,
  installed:
    // Safari's own word, older than the standard's
    ('standalone' in navigator && navigator.standalone === true) ||
    DISPLAYS.some((display) => matchMedia(`(display-mode: ${display})`).matches),
});
