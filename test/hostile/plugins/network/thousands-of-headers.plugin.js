// Tries: Sends 500 headers.
// Must: REQUEST_REFUSED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`, {
      headers: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x-${i}`, '1'])),
    });
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
