import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'
import { island } from './src/app/island-plugin.ts'

export default defineConfig({
  // The first browsers that know light-dark(): lowered, it could not be turned within a page, as the previews of a colour do.
  build: { cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'] },
  plugins: [
    island(),
    sveltekit({
      adapter: adapter({ precompress: true }),
      files: {
        appTemplate: 'src/app/app.html',
        errorTemplate: 'src/app/error.html',
        hooks: { server: 'src/app/hooks.server' },
        serviceWorker: 'src/app/service-worker',
      },
      // Visitors never get it; the dashboard's layout registers it.
      serviceWorker: { register: false },
      // One inlined style sheet paints the first frame without a second request.
      inlineStyleThreshold: 60_000,
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          'style-src': ['self'],
          // A host's colour is a custom property on one element.
          'style-src-attr': ['unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'object-src': ['none'],
          'base-uri': ['none'],
          'form-action': ['self'],
          'frame-ancestors': ['self'],
        },
      },
      // Our own server checks the origin of every state change, whatever its content type (src/platform/http/origin.ts).
      csrf: { trustedOrigins: ['*'] },
    }),
  ],
})
