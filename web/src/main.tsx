import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { HttpContext } from './api/http-context.ts'
import { createHttp } from './api/http.ts'
import { createQueries, endSession } from './api/queries.ts'
import { activate, currentLanguage } from './i18n/activate.ts'
import { startingLanguage } from './i18n/language.ts'
import { localMemory } from './i18n/local-memory.ts'
import { createPages } from './routes/pages.tsx'
import './styles/tokens.css'
import './styles/base.css'

const queries = createQueries()
const http = createHttp({
  network: (url, init) => fetch(url, init),
  language: currentLanguage,
  signedOut: () => endSession(queries),
})
const pages = createPages()
const root = document.querySelector('#root')

await activate(startingLanguage(localMemory(), navigator.languages))

if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={queries}>
          <HttpContext value={http}>
            <RouterProvider router={pages} />
          </HttpContext>
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  )
}
