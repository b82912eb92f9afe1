import { getLlama, LlamaLogLevel, type Llama } from 'node-llama-cpp'

/**
 * The native library: the prebuilt CPU binary that was installed, never a build, a download or a line on the terminal.
 * @throws when the platform has no binary.
 */
export const openLlama = (threads: number): Promise<Llama> =>
  getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    usePrebuiltBinaries: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
    // Log lines of the library can quote text: none is kept.
    logger: () => undefined,
    // Its own minimum of 4 threads on 2 cores makes each token 30 to 300 times slower (threads spin while waiting).
    maxThreads: threads,
  })
