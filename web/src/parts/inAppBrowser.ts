/** Browsers inside other apps: they keep nothing, or keep it where the person will not find it again. */
const INSIDE =
  /FBAN|FBAV|FB_IAB|Instagram|Line\/|MicroMessenger|Snapchat|TikTok|musical_ly|Twitter|LinkedInApp|; wv\)/;

/** Whether this page was opened inside another app. */
export const isInAppBrowser = (userAgent: string): boolean => INSIDE.test(userAgent);
