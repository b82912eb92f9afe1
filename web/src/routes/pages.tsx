import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { NotFound } from '../shell/not-found.tsx'
import { Shell } from '../shell/shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./home/home.tsx'), 'Home'),
})

/** Every page of the dashboard, each in a chunk of its own. A new one lives below `/app/`, which the gateway serves too. */
export const createPages = () =>
  createRouter({ routeTree: root.addChildren([home]), defaultPreload: 'intent' })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>
  }
}
