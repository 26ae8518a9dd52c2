import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The host that the development server talks to. */
const host = process.env['PATCHBAY_HOST'] ?? 'http://127.0.0.1:3000';

export default defineConfig(async ({ mode }) => ({
  // `vite --mode fake` answers the API from dev/, to look at screens without a host.
  plugins: [react(), ...(mode === 'fake' ? [(await import('./dev/fake-api.ts')).fakeApi()] : [])],
  build: {
    target: 'es2023',
    // The content security policy has no data: for fonts, so nothing is inlined.
    assetsInlineLimit: 0,
    sourcemap: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What nearly every page needs, as few files: libraries change rarely, pieces more often. Pages stay apart.
          groups: [
            { name: 'platform', test: /[\\/]node_modules[\\/](react|react-dom|scheduler|@tanstack|zod|clsx)[\\/]/ },
            { name: 'widgets', test: /[\\/]node_modules[\\/](@mantine|@floating-ui|lucide-react)[\\/]/ },
            { name: 'pieces', test: /[\\/]src[\\/](components|api|theme)[\\/]/ },
          ],
        },
      },
    },
  },
  server: { host: '127.0.0.1', proxy: mode === 'fake' ? {} : { '/api': host, '/health': host } },
}));
