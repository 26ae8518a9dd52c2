// Tries: Puts everything that it can see into its log, its error and its result.
// Must: PLUGIN_ERROR
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"methods":["GET","POST"]},{"host":"evil.example","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const seen = {
      configuration,
      globals: Object.getOwnPropertyNames(globalThis).map((name) => [name, String(globalThis[name])]),
    };
    console.log(JSON.stringify(seen).slice(0, 20_000));
    throw new Error(JSON.stringify(seen).slice(0, 4_000));
  },
};
