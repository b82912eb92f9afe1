import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useHttp } from '../../../api/http-context.ts'
import { AUTO, models } from '../../../api/models.ts'
import { KEYS } from '../../../api/queries.ts'
import { useConversation } from '../../../conversation/conversation.tsx'
import styles from './chat.module.css'

/** Which model to ask; `auto` leaves the choice to the policy. */
export function ModelSelect() {
  const http = useHttp()
  const { t } = useLingui()
  const { model, setModel } = useConversation()
  const list = useQuery({
    queryKey: KEYS.models,
    queryFn: ({ signal }) => models(http, signal),
    // A model that has just been fetched appears without reloading the page.
    refetchInterval: 30_000,
  })
  const names = new Set([AUTO, ...(list.data ?? []), model])
  return (
    <select
      className={styles.model}
      aria-label={t`Model`}
      value={model}
      onChange={(event) => setModel(event.target.value)}
    >
      {[...names].map((name) => (
        <option key={name} value={name}>
          {name === AUTO ? t`auto: the policy chooses` : name}
        </option>
      ))}
    </select>
  )
}
