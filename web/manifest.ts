import type { ManifestOptions } from 'vite-plugin-pwa';

/** What a phone reads when the app is put on its home screen. Colours as in tokens.css. */
export const manifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Corridor',
  short_name: 'Corridor',
  description: 'Neighbours keep their own credit. No server, no bank, nobody watching.',
  lang: 'en',
  dir: 'ltr',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  display_override: ['standalone', 'minimal-ui'],
  orientation: 'any',
  background_color: '#F3F6F1',
  theme_color: '#F3F6F1',
  categories: ['finance', 'social', 'utilities'],
  icons: [
    { src: '/icons/192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: '/icons/512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
    { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: '/icons/monochrome-512.png', sizes: '512x512', type: 'image/png', purpose: 'monochrome' },
  ],
  screenshots: [
    { src: '/icons/narrow.png', sizes: '360x740', type: 'image/png', form_factor: 'narrow', label: 'Home' },
    { src: '/icons/wide.png', sizes: '1280x800', type: 'image/png', form_factor: 'wide', label: 'Home' },
  ],
  shortcuts: [
    { name: 'Scan', url: '/scan', icons: [{ src: '/icons/192.png', sizes: '192x192' }] },
    { name: 'Get paid', url: '/get-paid', icons: [{ src: '/icons/192.png', sizes: '192x192' }] },
  ],
  share_target: {
    action: '/shared',
    method: 'POST',
    enctype: 'multipart/form-data',
    params: {
      title: 'title',
      text: 'text',
      url: 'url',
      files: [{ name: 'photo', accept: ['image/*'] }],
    },
  },
};
