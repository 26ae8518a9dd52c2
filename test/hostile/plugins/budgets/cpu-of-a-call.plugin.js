// Tries: Stays within the CPU time of a run, in run after run.
// Must: CALL_CPU_EXCEEDED, RUN_CPU_EXCEEDED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"methods":["GET"]}]}
export default {
  async deliver({ configuration }) {
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < 1_000_000; j++);
      await fetch(`${configuration.site}/${i}`);
    }
    return { outcome: 'delivered' };
  },
};
