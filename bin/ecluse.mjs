#!/usr/bin/env node
// Kept in syntax that old Nodes can read, so that they answer with a sentence and not a stack trace.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    'ecluse: Node 20 or newer is needed to start (24 to run, installed by itself); this is ' +
      process.version +
      '.\necluse : il faut Node 20 ou plus récent pour démarrer (la version 24 s’installe seule) ; ceci est ' +
      process.version +
      '.',
  )
  process.exitCode = 2
} else {
  void import('./launch.mjs')
}
