/**
 * What `loadModule` throws for a module that is not what was signed. It is not run; the run says why, and is to be tried
 * again, for what is wrong is wrong with the host and not with the plugin.
 */
export class ModuleUnverified extends Error {
  override readonly name = 'ModuleUnverified';
}
