import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import babel from '@rolldown/plugin-babel'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gateway = { target: 'http://127.0.0.1:4141', changeOrigin: true }

export default defineConfig({
  plugins: [
    react(),
    // A missing translation stops the build.
    lingui({ failOnMissing: true }),
    babel({ presets: [linguiTransformerBabelPreset()] }),
  ],
  build: {
    target: 'es2022',
    // The page is served with `default-src 'self'`: no data: URL, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    reportCompressedSize: true,
  },
  server: { host: '127.0.0.1', proxy: { '/api': gateway, '/v1': gateway } },
})
