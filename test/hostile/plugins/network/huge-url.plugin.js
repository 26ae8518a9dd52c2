// Tries: Asks for a URL of 100,000 characters.
// Must: REQUEST_REFUSED, RUN_CPU_EXCEEDED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/${'a'.repeat(100_000)}`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
