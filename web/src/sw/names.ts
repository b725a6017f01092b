/** Names that the page and its service worker must agree on. */

/** Where the page writes down its language, so that a new version brings that one along. */
export const CHOICES_CACHE = 'corridor-choices';
export const LANGUAGE_URL = '/choices/language';

/** Where shared things wait for the scan screen. */
export const SHARED_CACHE = 'corridor-shared';
export const SHARED_TEXT = '/shared/text';
export const SHARED_PHOTO = '/shared/photo';
